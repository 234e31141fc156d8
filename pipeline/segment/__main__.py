"""Stage ``segment``: fit the segmenter on the training pages, then cut the held-out ones."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tqdm import tqdm

from pipeline.encoder import PACKAGED, MemoEncoder, SentenceTransformerEncoder
from pipeline.params import EncoderParams, load_params
from pipeline.reader.reader import PageReader, Reader, UnitReader
from pipeline.records import Page
from pipeline.segment.fit import fit_segmenter
from pipeline.segment.segmenter import Cut
from pipeline.segment.tables import PageTable, page_tables
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records, write_records
from pipeline.store.layout import require

AT_ONCE = 64  # pages read together


def main() -> None:
    """Read pages; write the segmenter and the held-out pages as cut."""
    params = load_params()
    train = read_records(layout.TRAIN_PAGES, Page)
    held_out = read_records(layout.TEST_PAGES, Page)
    reader = _reader(params.encoder)
    own = reader if isinstance(reader, PageReader) else None
    segmenter = fit_segmenter(_tables(train, reader), train, params.segment, own)
    segmenter.save(layout.MODELS / layout.SEGMENTER)
    cuts = [segmenter.cut_table(table) for table in _tables(held_out, reader)]
    write_records(layout.CUT_PAGES, map(_as_cut, held_out, cuts))


def _reader(params: EncoderParams) -> Reader:
    """Read in context where the encoder is the one that was adapted, else unit by unit."""
    if params.model == PACKAGED and params.reader:
        return PageReader(require(layout.READER, "git checkout data/reader"))
    return UnitReader(MemoEncoder(SentenceTransformerEncoder.of(params, sys.stderr.isatty())))


def _tables(pages: Sequence[Page], reader: Reader) -> list[PageTable]:
    batches = [pages[i : i + AT_ONCE] for i in range(0, len(pages), AT_ONCE)]
    bar = tqdm(batches, desc="segment: reading pages", file=sys.stderr, disable=None)
    return [table for some in bar for table in page_tables([page.text for page in some], reader)]


def _as_cut(page: Page, cut: Cut) -> Page:
    return Page(page.id, page.layout, page.text, cut.stories, cut.residue, single=cut.single)


if __name__ == "__main__":
    run_stage("segment", main)
