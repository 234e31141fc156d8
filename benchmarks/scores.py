"""The scores of one cut: boundary F1, whole pages, Pk, WindowDiff and boundary similarity.

Which starts are right, wrong or missed is judged by ``pipeline.evaluate.segmentation``; so are
the window metrics of pages, on words. For listed documents Pk and WindowDiff count lines, and
boundary similarity (Fournier 2013) counts units everywhere. All three see the starts as judged: a
right one stands at the gold place, a neutral one is left out, and a wrong one inside a unit
counts at the unit's start.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from statistics import fmean
from typing import NamedTuple

from benchmarks.sets import Document, to_lines
from pipeline.evaluate.benchmark import SETTINGS
from pipeline.evaluate.segmentation import (
    PageScore,
    Starts,
    by_layout,
    judge_starts,
    summarise,
    unit_boundaries,
    window_errors,
)

TOLERANCE = SETTINGS.tolerance  # characters


class Score(NamedTuple):
    """How well one document was cut; ``similarity`` is missing without segeval."""

    page: PageScore
    similarity: float | None


def score(document: Document, starts: Sequence[int]) -> Score:
    """Score the starts of all stories that a method found, the first included, in order.

    In a listed document a start counts as that of the line it falls in.
    """
    page = document.page
    if document.listed:
        starts = to_lines(document, starts)
    judged = judge_starts(page, starts, TOLERANCE)
    gold, predicted = unit_gaps(document, judged)
    counted = (gold, predicted) if document.listed else unit_boundaries(page, judged)
    single = len(page.stories) == 1
    scored = PageScore(page.layout, single, judged.counts, *window_errors(*counted))
    return Score(scored, similarity(gold, predicted) if has_segeval() else None)


def unit_gaps(document: Document, judged: Starts) -> tuple[str, str]:
    """Reduce a document to the gaps between its units outside residue, ``"1"`` at a story's start.

    :returns: gold and predicted gaps, each one shorter than the number of units.
    """
    residue = document.page.residue
    ends = [
        unit.end
        for unit in document.units
        if not any(span.start <= unit.start < span.end for span in residue)
    ]

    def gaps(positions: Iterable[int]) -> str:
        marked = {bisect_right(ends, position) for position in positions}
        return "".join("1" if i in marked else "0" for i in range(1, len(ends)))

    right = [pair[0] for pair in judged.right]
    return gaps([*right, *judged.missed]), gaps([*right, *judged.wrong])


@cache
def has_segeval() -> bool:
    """Tell whether segeval is installed."""
    try:
        import segeval  # noqa: F401
    except ImportError:
        return False
    return True


def similarity(gold: str, predicted: str) -> float:
    """Boundary similarity, B (Fournier 2013), by segeval: 1 is perfect, near misses count in part.

    Near is up to 2 units, segeval's default. Two segmentations without a boundary are equal.

    :param gold: gaps between units, ``"1"`` where a boundary stands.
    """
    import segeval

    if "1" not in gold + predicted:
        return 1.0  # segeval fails on it
    return float(segeval.boundary_similarity(masses(predicted), masses(gold)))


def masses(gaps: str) -> tuple[int, ...]:
    """Turn gaps into the sizes of the segments.

    >>> masses("0100")
    (2, 3)
    """
    return tuple(len(segment) + 1 for segment in gaps.split("1"))


def figures(scores: Sequence[Score]) -> dict[str, float]:
    """Average a method's scores on a set: precision, recall and F1 micro, the rest macro."""
    return {**summarise([each.page for each in scores]), **_similarity(scores)}


def subset_figures(scores: Sequence[Score]) -> dict[str, dict[str, float]]:
    """Average by subset; nothing if there is but one."""
    named = by_layout([each.page for each in scores])
    if len(named) < 2:
        return {}
    return {
        name: {**found, **_similarity([s for s in scores if s.page.layout == name])}
        for name, found in named.items()
    }


def _similarity(scores: Sequence[Score]) -> dict[str, float]:
    known = [each.similarity for each in scores if each.similarity is not None]
    return {"boundary_similarity": fmean(known)} if known else {}
