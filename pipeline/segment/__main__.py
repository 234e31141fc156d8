"""Stage ``segment``: fit the segmenter on the training pages, then cut the held-out ones."""

from __future__ import annotations

import sys

from pipeline.encoder import MemoEncoder, SentenceTransformerEncoder
from pipeline.params import load_params
from pipeline.records import Page
from pipeline.segment.fit import fit_segmenter
from pipeline.segment.segmenter import Cut
from pipeline.segment.tables import page_tables
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records, write_records
from pipeline.store.vectors import write_vectors


def main() -> None:
    """Read pages; write the segmenter, the units' vectors and the held-out pages as cut."""
    params = load_params()
    train = read_records(layout.TRAIN_PAGES, Page)
    held_out = read_records(layout.TEST_PAGES, Page)
    encoder = MemoEncoder(SentenceTransformerEncoder.of(params.encoder, sys.stderr.isatty()))
    tables = page_tables([page.text for page in train], encoder)
    segmenter = fit_segmenter(tables, train, params.segment)
    segmenter.save(layout.MODELS / layout.SEGMENTER)
    cuts = [
        segmenter.cut_table(table)
        for table in page_tables([page.text for page in held_out], encoder)
    ]
    write_records(layout.CUT_PAGES, map(_as_cut, held_out, cuts))
    write_vectors(layout.UNIT_VECTORS, encoder.table, encoder.fingerprint)


def _as_cut(page: Page, cut: Cut) -> Page:
    return Page(page.id, page.layout, page.text, cut.stories, cut.residue)


if __name__ == "__main__":
    run_stage("segment", main)
