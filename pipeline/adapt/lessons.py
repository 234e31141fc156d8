"""Pages as the network is taught them: windows of units with what is true of each unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.reader.batches import Sheet
from pipeline.reader.tokens import UnitTokens, unit_tokens
from pipeline.reader.windows import WINDOW
from pipeline.records import Page
from pipeline.segment.gold import gold_units, starts_story
from pipeline.units import find_units

Rng = np.random.Generator
UNKNOWN = -1  # a boundary or an end that is neither: the loss passes over it


class Lesson(NamedTuple):
    """A page's ``n`` units with gold: each array has shape (n,).

    ``boundary`` and ``cut_off`` are 0, 1 or UNKNOWN; ``roles`` indexes ROLES; ``stories`` numbers
    the page's stories, -1 for residue.
    """

    units: list[UnitTokens]
    boundary: npt.NDArray[np.int64]
    roles: npt.NDArray[np.int64]
    cut_off: npt.NDArray[np.int64]
    stories: npt.NDArray[np.int64]

    def part(self, start: int, end: int) -> Lesson:
        """Take the units of one window."""
        own = slice(start, end)
        return Lesson(
            self.units[own],
            self.boundary[own],
            self.roles[own],
            self.cut_off[own],
            self.stories[own],
        )


def lesson(page: Page, tokenizer: Any) -> Lesson:
    """Prepare one page."""
    units = find_units(page.text)
    gold = gold_units(page, units)
    pieces = [page.text[unit.start : unit.end] for unit in units]
    return Lesson(
        unit_tokens(pieces, units, tokenizer),
        starts_story(gold.stories),
        gold.roles.astype(np.int64),
        _ends_cut_off(page, gold.stories),
        gold.stories.astype(np.int64),
    )


def _ends_cut_off(page: Page, stories: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Say of each story's units whether it was cut there (1: its last one); of residue nothing."""
    found = np.full(len(stories), UNKNOWN, dtype=np.int64)
    for number, story in enumerate(page.stories):
        own = np.flatnonzero(stories == number)
        if len(own):
            found[own] = 0
            found[own[-1]] = int(story.truncated)
    return found


def windows(lessons: Sequence[Lesson], rng: Rng, window: int = WINDOW) -> Iterator[Lesson]:
    """Cut every page into windows of random places and lengths, each unit in about one."""
    for each in lessons:
        lengths = np.array([len(unit.ids) for unit in each.units])
        start = 0
        while start < len(lengths):
            room = window - 2 if rng.random() < 0.7 else int(rng.integers(96, window))
            sums = np.cumsum(lengths[start:])
            end = start + max(1, int(np.searchsorted(sums, room, side="right")))
            yield each.part(start, end)
            back = int(rng.integers(0, 3))  # a window begins a little before the last one's end
            start = end if end >= len(lengths) else max(start + 1, end - back)


def sheet(each: Lesson, key: int) -> Sheet:
    """Make a window ready to be batched."""
    return Sheet(each.units, key)
