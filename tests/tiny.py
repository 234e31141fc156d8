"""A segmenter fitted in seconds on a few pages of the project's own corpus, with a free encoder."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import msgspec

from pipeline.mix.layouts import mix_pages
from pipeline.params import SegmentParams
from pipeline.reader.reader import UnitReader
from pipeline.records import Article, Page
from pipeline.segment.fit import fit_segmenter
from pipeline.segment.segmenter import Segmenter
from pipeline.segment.tables import page_tables
from tests.encoders import HashedEncoder

STARTER = Path(__file__).parents[1] / "data" / "starter.jsonl"
PARAMS = SegmentParams(
    iterations=40, learning_rate=0.1, leaf_samples=10, l2=1.0, real_pages=False, seed=0
)


@lru_cache
def some_articles(count: int = 150) -> tuple[Article, ...]:
    """Read every tenth story of the corpus, in three folds."""
    lines = STARTER.read_text(encoding="utf-8").splitlines()[:: 1530 // count][:count]
    rows = [{k: v for k, v in json.loads(line).items() if v is not None} for line in lines]
    return tuple(
        msgspec.convert({**row, "fold": i % 3, "group": row["id"]}, Article)
        for i, row in enumerate(rows)
    )


@lru_cache
def some_pages(count: int = 60, seed: int = 1) -> tuple[Page, ...]:
    """Mix them."""
    return tuple(mix_pages(some_articles(), count, seed, "tiny"))


@lru_cache
def tiny_segmenter() -> Segmenter:
    """Fit on them."""
    pages = some_pages()
    tables = page_tables([page.text for page in pages], UnitReader(HashedEncoder()))
    return fit_segmenter(tables, pages, PARAMS)
