"""Pages as the network is taught them: windows of pieces with what is true of each piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.reader.reader import PageUnits
from pipeline.reader.sheets import Batch, Pieces, Sheet, batches, collate, pieces
from pipeline.reader.tokens import CAPITALISED, CAPITALS, INSIDE, UnitTokens, unit_tokens
from pipeline.reader.windows import WINDOW
from pipeline.records import Page
from pipeline.segment.gold import gold_units, inner_starts, starts_story
from pipeline.units import find_units, split_units

Rng = np.random.Generator
UNKNOWN = -1  # a boundary or an end that is neither: the loss passes over it
NEEDLESS = 0.06  # of the units are split where nothing begins, as the network will at times
REACH = 12  # pieces apart at which two are still asked whether they are of one story


class Lesson(NamedTuple):
    """A page's ``n`` units in ``p`` pieces, with gold.

    ``cuts`` are the tokens of each unit at which a further piece begins, ``begins`` those of them
    at which something else does begin. The arrays have shape (p,): ``boundary`` and ``cut_off``
    are 0, 1 or UNKNOWN; ``roles`` indexes ROLES; ``stories`` numbers the page's stories, -1 for
    residue.
    """

    units: list[UnitTokens]
    cuts: list[list[int]]
    begins: list[list[int]]
    boundary: npt.NDArray[np.int64]
    roles: npt.NDArray[np.int64]
    cut_off: npt.NDArray[np.int64]
    stories: npt.NDArray[np.int64]

    def part(self, start: int, end: int) -> Lesson:
        """Take the units of one window."""
        ends = np.cumsum([0] + [1 + len(inner) for inner in self.cuts])
        own = slice(int(ends[start]), int(ends[end]))
        return Lesson(
            self.units[start:end],
            self.cuts[start:end],
            self.begins[start:end],
            self.boundary[own],
            self.roles[own],
            self.cut_off[own],
            self.stories[own],
        )


class Task(NamedTuple):
    """A batch of windows and what is asked of it, arrays or tensors.

    Of the ``k`` words inside its ``units`` units, ``begins`` (k,) is 1 where a piece begins; of
    its ``p`` pieces, ``boundary``, ``roles`` and ``cut_off`` (p,) are as in :class:`Lesson`; pieces
    ``left`` and ``right`` (q,) are of one story where ``same`` (q,) is 1.
    """

    batch: Batch
    pieces: Pieces
    units: int
    begins: Any
    boundary: Any
    roles: Any
    cut_off: Any
    left: Any
    right: Any
    same: Any


def lesson(page: Page, tokenizer: Any, rng: Rng) -> Lesson:
    """Prepare one page."""
    units = find_units(page.text)
    tokens = unit_tokens(PageUnits(page.text, units).pieces, units, tokenizer)
    begins = [
        _tokens_at(own, [place - unit.start for place in inner])
        for own, unit, inner in zip(tokens, units, inner_starts(page, units), strict=True)
    ]
    cuts = [
        _with_needless(own, inner, rng) if rng.random() < NEEDLESS else inner
        for own, inner in zip(tokens, begins, strict=True)
    ]
    places = [
        [unit.start + int(own.offsets[token]) for token in inner]
        for own, unit, inner in zip(tokens, units, cuts, strict=True)
    ]
    gold = gold_units(page, split_units(page.text, units, places))
    return Lesson(
        tokens,
        cuts,
        begins,
        starts_story(gold.stories),
        gold.roles.astype(np.int64),
        _ends_cut_off(page, gold.stories),
        gold.stories.astype(np.int64),
    )


def _tokens_at(unit: UnitTokens, places: Sequence[int]) -> list[int]:
    """Find the tokens at which words begin; one that a long unit has lost is passed over."""
    return [int(token) for token in np.flatnonzero(np.isin(unit.offsets, places))]


def _with_needless(unit: UnitTokens, cuts: list[int], rng: Rng) -> list[int]:
    """Add a cut, before a capital where there is one."""
    words = unit.offsets != INSIDE
    capital = words & np.isin(unit.forms, (CAPITALISED, CAPITALS))
    usable = np.flatnonzero(capital if capital.any() else words)
    return sorted({*cuts, int(rng.choice(usable))}) if len(usable) else cuts


def _ends_cut_off(page: Page, stories: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Say of each story's pieces whether it was cut there (1: its last); of residue nothing."""
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
            room = window - 2 if rng.random() < 0.7 else int(rng.integers(96, window - 1))
            sums = np.cumsum(lengths[start:])
            end = start + max(1, int(np.searchsorted(sums, room, side="right")))
            yield each.part(start, min(end, len(lengths)))
            back = int(rng.integers(0, 3))  # a window begins a little before the last one's end
            start = end if end >= len(lengths) else max(start + 1, end - back)


def tasks(pool: Sequence[Lesson], budget: int, rng: Rng) -> Iterator[Task]:
    """Gather windows of like length into batches of at most ``budget`` tokens, in random order."""
    groups = list(batches([Sheet(each.units, key) for key, each in enumerate(pool)], budget))
    for i in rng.permutation(len(groups)):
        yield task([pool[sheet.key] for sheet in groups[i]])


def task(chosen: Sequence[Lesson]) -> Task:
    """Ask everything of a batch of windows."""
    sheets = [Sheet(each.units, key) for key, each in enumerate(chosen)]
    left, right, same = _pairs(chosen)
    return Task(
        collate(sheets),
        pieces(sheets, [each.cuts for each in chosen]),
        sum(len(each.units) for each in chosen),
        _begins(chosen),
        np.concatenate([each.boundary for each in chosen]),
        np.concatenate([each.roles for each in chosen]),
        np.concatenate([each.cut_off for each in chosen]),
        left,
        right,
        same,
    )


def _begins(chosen: Sequence[Lesson]) -> npt.NDArray[np.float32]:
    """Say of every word inside a unit whether something else begins there."""
    found: list[npt.NDArray[np.float32]] = []
    for each in chosen:
        for unit, begins in zip(each.units, each.begins, strict=True):
            truth = np.zeros(len(unit.ids), dtype=np.float32)
            truth[begins] = 1.0
            found.append(truth[unit.offsets != INSIDE])
    return np.concatenate(found)


def _pairs(chosen: Sequence[Lesson]) -> tuple[npt.NDArray[Any], ...]:
    """Pair the pieces of each window within reach, residue left out; 1 for those of one story."""
    left: list[npt.NDArray[np.int64]] = []
    right: list[npt.NDArray[np.int64]] = []
    same: list[npt.NDArray[np.float32]] = []
    start = 0
    for each in chosen:
        own = np.flatnonzero(each.stories >= 0)
        i, j = np.triu_indices(len(own), 1)
        near = own[j] - own[i] <= REACH
        a, b = own[i[near]], own[j[near]]
        left.append(start + a)
        right.append(start + b)
        same.append((each.stories[a] == each.stories[b]).astype(np.float32))
        start += len(each.stories)
    return np.concatenate(left), np.concatenate(right), np.concatenate(same)
