"""Are the cuts right: boundary F1, whole pages, Pk and WindowDiff.

A boundary is the start of a story other than its page's first; the first is given, so it is left
out on both sides. A predicted start counts as right within a tolerance of a gold one, each gold
start once. Residue is neutral: a predicted start that matches nothing and falls in gold residue,
or in the white space beside it, or before the first gold story, is neither right nor wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.evaluate.counts import Counts, total
from pipeline.evaluate.matching import match_starts
from pipeline.records import Page, Span, Story

_WORD = re.compile(r"\S+")


class Cut(Protocol):
    """A page's text as a segmenter cut it: a predicted :class:`Page`, or anything like it."""

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories, in order."""

    @property
    def residue(self) -> tuple[Span, ...]:
        """What belongs to none."""

    @property
    def single(self) -> float | None:
        """The probability that the page is one story, where one was given."""


class Starts(NamedTuple):
    """The judgement on the predicted starts of one page; positions in its text.

    ``right`` pairs a gold start with the predicted one that stands for it.
    """

    right: tuple[tuple[int, int], ...]
    wrong: tuple[int, ...]
    missed: tuple[int, ...]

    @property
    def counts(self) -> Counts:
        """How many of each."""
        return Counts(len(self.right), len(self.wrong), len(self.missed))


class PageScore(NamedTuple):
    """How well one page was cut. Pk and WindowDiff are errors: 0 is perfect, 1 the worst."""

    layout: str
    single: bool
    counts: Counts
    pk: float
    windowdiff: float

    @property
    def wholly_right(self) -> bool:
        """Every boundary found and none too many."""
        return not self.counts.wrong and not self.counts.missed


def judge_starts(page: Page, predicted: Sequence[int], tolerance: int) -> Starts:
    """Judge the starts of all predicted stories of a page, its first included, in order."""
    gold = [story.start for story in page.stories]
    first = gold[0] if gold else len(page.text)
    given = predicted[0] if predicted else -1
    pairs = match_starts(gold, predicted, tolerance)
    right = tuple(pair for pair in pairs if pair[0] != first and pair[1] != given)
    taken = {pair[1] for pair in pairs}
    neutral = neutral_zones(page)
    wrong = tuple(
        start
        for start in predicted[1:]
        if start not in taken
        and start > first
        and not any(zone.start <= start < zone.end for zone in neutral)
    )
    found = {pair[0] for pair in right}
    return Starts(right, wrong, tuple(start for start in gold[1:] if start not in found))


def neutral_zones(page: Page) -> list[Span]:
    """Widen each stretch of gold residue over the white space beside it."""
    zones: list[Span] = []
    for span in page.residue:
        start, end = span.start, span.end
        while start > 0 and page.text[start - 1].isspace():
            start -= 1
        while end < len(page.text) and page.text[end].isspace():
            end += 1
        zones.append(Span(start, end))
    return zones


def score_page(page: Page, cut: Cut, tolerance: int) -> PageScore:
    """Score one page; a text without boundaries or words scores like any other."""
    starts = judge_starts(page, [story.start for story in cut.stories], tolerance)
    gold, predicted = unit_boundaries(page, starts)
    pk, windowdiff = window_errors(gold, predicted)
    return PageScore(page.layout, len(page.stories) == 1, starts.counts, pk, windowdiff)


def unit_boundaries(page: Page, starts: Starts) -> tuple[str, str]:
    """Reduce a page to the gaps between its words outside residue, ``"1"`` where a story starts.

    A start that was judged right stands at the gold position on both sides, and neutral ones
    are left out, so that the window metrics see the same errors as boundary F1.

    :returns: gold and predicted gaps, each one shorter than the number of words.
    """
    words = [
        match.end()
        for match in _WORD.finditer(page.text)
        if not any(span.start <= match.start() < span.end for span in page.residue)
    ]

    def gaps(positions: set[int]) -> str:
        marks = ["0"] * len(words)
        for position in positions:
            index = next((i for i, end in enumerate(words) if end > position), None)
            if index is not None:
                marks[index] = "1"
        return "".join(marks[1:])

    right = {pair[0] for pair in starts.right}
    return gaps(right | set(starts.missed)), gaps(right | set(starts.wrong))


def window_errors(gold: str, predicted: str) -> tuple[float, float]:
    """Pk (Beeferman, Berger and Lafferty 1999) and WindowDiff (Pevzner and Hearst 2002).

    Both strings say of each gap between two of ``n`` units whether (``"1"``) a boundary stands
    there, so they are ``n - 1`` long. The window is half the mean gold segment, at least 2 units.

    >>> window_errors("00000100000", "00001000000")  # 6 + 6 units cut as 5 + 7
    (0.2222222222222222, 0.2222222222222222)

    :raises ValueError: the strings differ in length.
    """
    if len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} gold gaps but {len(predicted)} predicted ones")
    if not gold:
        return 0.0, 0.0
    mean = (len(gold) + 1) / (gold.count("1") + 1)
    window = min(len(gold), max(2, round(mean / 2)))
    one, other = (_within(gaps, window) for gaps in (gold, predicted))
    unlike, differing = np.mean((one > 0) != (other > 0)), np.mean(one != other)
    return float(unlike), float(differing)


def _within(gaps: str, window: int) -> npt.NDArray[np.int64]:
    """Count the boundaries within each window of so many gaps."""
    before = np.cumsum([0, *map(int, gaps)])
    return np.asarray(before[window:] - before[:-window])


def summarise(scores: Sequence[PageScore]) -> dict[str, float]:
    """Average over pages: boundaries micro, the rest macro.

    ``single_whole`` is there only if a page holds a single story; no page at all gives no key
    but ``pages``.
    """
    if not scores:
        return {"pages": 0}
    counts = total(score.counts for score in scores)
    figures: dict[str, float] = {
        "pages": len(scores),
        "boundaries": counts.right + counts.missed,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "pages_right": sum(score.wholly_right for score in scores) / len(scores),
        "pk": sum(score.pk for score in scores) / len(scores),
        "windowdiff": sum(score.windowdiff for score in scores) / len(scores),
    }
    singles = [score for score in scores if score.single]
    if singles:
        figures["single_whole"] = sum(not score.counts.wrong for score in singles) / len(singles)
    return figures


def by_layout(scores: Sequence[PageScore]) -> dict[str, dict[str, float]]:
    """Summarise the pages of each layout, by its name.

    A layout without gold boundaries has no precision, recall or F1, which one wrong cut would
    take from 1 to 0; ``single_whole`` and ``pages_right`` say how often it was left alone.
    """
    figures = {
        layout: summarise([score for score in scores if score.layout == layout])
        for layout in sorted({score.layout for score in scores})
    }
    for each in figures.values():
        if not each["boundaries"]:
            del each["precision"], each["recall"], each["f1"]
    return figures
