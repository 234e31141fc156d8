"""Stage ``segment``: fit the segmenter on the training pages, then cut the held-out ones."""

from __future__ import annotations

import sys

from pipeline.cached.encoder import cached_encoder
from pipeline.cached.keys import cache_for
from pipeline.cached.reader import cached_reader
from pipeline.encoder import MemoEncoder, weights_of
from pipeline.params import SegmentParams, load_params
from pipeline.reader.reader import UnitReader
from pipeline.records import Page
from pipeline.segment.fit import fit_segmenter
from pipeline.segment.gap_pack import read_gaps
from pipeline.segment.lessons import GapLesson, gap_lesson
from pipeline.segment.segmenter import Cut
from pipeline.segment.tables import read_pages
from pipeline.serving.network import Export
from pipeline.serving.pages import open_reader
from pipeline.serving.stories import open_encoder
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records, write_records


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
    tables = read_pages(train, reader, "segment: reading pages")
    more = real_gaps(params.segment, reader.fingerprint) if own else []
    segmenter = fit_segmenter(tables, train, params.segment, own, more)
    segmenter.save(layout.MODELS / layout.SEGMENTER)
    tables = read_pages(held_out, reader, "segment: reading held-out pages")
    cuts = [segmenter.cut_table(table) for table in tables]
    write_records(layout.CUT_PAGES, map(_as_cut, held_out, cuts))


def real_gaps(params: SegmentParams, reader: str) -> list[GapLesson]:
    """Take the gaps of real pages, if they are asked for and were read with the same weights."""
    if not params.real_pages:
        return []
    told, pages = read_gaps(layout.GAPS)
    if told != weights_of(reader):
        sys.stderr.write(
            f"segment: {layout.GAPS} is left out, another reader read it: "
            "make it anew with `make gaps`\n"
        )
        return []
    return [gap_lesson(page) for page in pages]


def _as_cut(page: Page, cut: Cut) -> Page:
    return Page(page.id, page.layout, page.text, cut.stories, cut.residue, single=cut.single)


if __name__ == "__main__":
    run_stage("segment", main)
