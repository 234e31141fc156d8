"""Stage ``segment``: fit the segmenter on the training pages, then cut the held-out ones."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tqdm import tqdm

from pipeline.cached.encoder import cached_encoder
from pipeline.cached.keys import cache_for
from pipeline.cached.reader import cached_reader
from pipeline.encoder import MemoEncoder
from pipeline.params import load_params
from pipeline.reader.reader import Reader, UnitReader
from pipeline.records import Page
from pipeline.segment.fit import fit_segmenter
from pipeline.segment.segmenter import Cut
from pipeline.segment.tables import PageTable, page_tables
from pipeline.serving.network import Export
from pipeline.serving.pages import open_reader
from pipeline.serving.stories import open_encoder
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records, write_records

AT_ONCE = 64  # pages read together


def main() -> None:
    """Read pages; write the segmenter and the held-out pages as cut."""
    params = load_params()
    train = read_records(layout.TRAIN_PAGES, Page)
    held_out = read_records(layout.TEST_PAGES, Page)
    export = Export(layout.EXPORT)
    own = open_reader(export)
    kept = cache_for(export), export.digest
    reader = (
        cached_reader(own, *kept)
        if own
        else UnitReader(MemoEncoder(cached_encoder(open_encoder(export), *kept)))
    )
    segmenter = fit_segmenter(_tables(train, reader), train, params.segment, own)
    segmenter.save(layout.MODELS / layout.SEGMENTER)
    cuts = [segmenter.cut_table(table) for table in _tables(held_out, reader)]
    write_records(layout.CUT_PAGES, map(_as_cut, held_out, cuts))


def _tables(pages: Sequence[Page], reader: Reader) -> list[PageTable]:
    batches = [pages[i : i + AT_ONCE] for i in range(0, len(pages), AT_ONCE)]
    bar = tqdm(batches, desc="segment: reading pages", file=sys.stderr, disable=None)
    return [table for some in bar for table in page_tables([page.text for page in some], reader)]


def _as_cut(page: Page, cut: Cut) -> Page:
    return Page(page.id, page.layout, page.text, cut.stories, cut.residue, single=cut.single)


if __name__ == "__main__":
    run_stage("segment", main)
