"""Real stories laid out as pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.mix.layouts import mix_pages
from pipeline.realpages.weathering import weathered
from pipeline.records import Article, Page

LAYOUTS = {  # more of what is hard to cut, and of plain text, than the corpus' pages have
    "teasers, kicker": 0.07,
    "teasers, headline": 0.05,
    "teasers, plain": 0.06,
    "teasers, mixed": 0.04,
    "digest": 0.07,
    "newsletter": 0.05,
    "index": 0.07,
    "headlines": 0.05,
    "run together": 0.17,
    "openings": 0.06,
    "flattened": 0.17,
    "single": 0.13,
    "wire": 0.03,
    "transcript": 0.08,
    "lines": 0.10,
    "excerpts": 0.11,
}


def mix_real_pages(deck: Sequence[Article], count: int, rng: np.random.Generator) -> list[Page]:
    """Lay a deck of stories out as ``count`` pages, all of them as one source hands them on."""
    own, seed = weathered(deck, rng), int(rng.integers(2**32))
    return mix_pages(own, count, seed, "real", LAYOUTS)
