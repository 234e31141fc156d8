"""A page's text in blocks that say what it is: story, part, residue, evidence. Nothing is left out.

The text is, in order, each section's ``before`` and then each piece's runs and gap. Gaps are what
no part covers: white space, and punctuation such as the colon after a kicker.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Literal, NamedTuple

from pipeline.records import Country, Document, Prediction, UnitRole

BlockRole = UnitRole | Literal["unassigned"]


class Run(NamedTuple):
    """Characters that speak for the same countries, or for none."""

    text: str
    countries: tuple[Country, ...] = ()


class Piece(NamedTuple):
    """A part, or a span of residue, with the gap that follows it."""

    runs: tuple[Run, ...]
    gap: str


class Block(NamedTuple):
    """Pieces in a row that play one role."""

    role: BlockRole
    pieces: tuple[Piece, ...]


class Section(NamedTuple):
    """A story, or (``story`` is None) what lies between two."""

    story: Prediction | None
    before: str
    blocks: tuple[Block, ...]


class _Stretch(NamedTuple):
    start: int
    end: int
    role: BlockRole


class _Mark(NamedTuple):
    start: int
    end: int
    countries: tuple[Country, ...]


def sections(document: Document, text: str) -> Iterator[Section]:
    """Divide ``text`` into its stories and what lies between them.

    Words of a story that no part covers are residue; words that neither a story nor residue covers
    are unassigned. Of spans that overlap, the later one keeps what the earlier one leaves of it.
    Takes time linear in the text, and n log n in the spans.
    """
    residue = deque(_Stretch(span.start, span.end, "residue") for span in sorted(document.residue))
    at = 0
    for story in document.stories:
        start, end = max(story.start, at), max(story.end, at)
        yield from _between(text, at, start, residue)
        parts = [_Stretch(part.start, part.end, part.role) for part in story.parts]
        tiles = tuple(_tiles(text, start, end, parts, "residue"))
        yield Section(story, *_laid_out(text, start, end, tiles, _marks(story.countries)))
        at = end
    yield from _between(text, at, len(text), residue)


def _between(text: str, start: int, end: int, residue: deque[_Stretch]) -> Iterator[Section]:
    here = []
    while residue and residue[0].start < end:
        here.append(residue.popleft())
    if start < end:
        tiles = tuple(_tiles(text, start, end, here, "unassigned"))
        yield Section(None, *_laid_out(text, start, end, tiles, ()))


def _tiles(
    text: str, start: int, end: int, stretches: Iterable[_Stretch], rest: BlockRole
) -> Iterator[_Stretch]:
    """Clip stretches to each other and to the span, and name the words between them ``rest``."""
    at = start
    for stretch in sorted(stretches):
        begin, stop = max(stretch.start, at), min(stretch.end, end)
        if begin < stop:
            yield from _words(text, at, begin, rest)
            yield _Stretch(begin, stop, stretch.role)
            at = stop
    yield from _words(text, at, end, rest)


def _words(text: str, start: int, end: int, role: BlockRole) -> Iterator[_Stretch]:
    between = text[start:end]
    if any(character.isalnum() for character in between):
        begin = end - len(between.lstrip())
        yield _Stretch(begin, begin + len(between.strip()), role)


def _laid_out(
    text: str, start: int, end: int, tiles: Sequence[_Stretch], marks: Sequence[_Mark]
) -> tuple[str, tuple[Block, ...]]:
    """Return what comes before the first tile, and all tiles as blocks."""
    ends = [*(tile.start for tile in tiles), end]
    blocks = []
    at = 1
    for role, group in groupby(tiles, key=attrgetter("role")):
        pieces = []
        for tile in group:
            runs = tuple(_runs(text, tile.start, tile.end, marks))
            pieces.append(Piece(runs, text[tile.end : ends[at]]))
            at += 1
        blocks.append(Block(role, tuple(pieces)))
    return text[start : ends[0]], tuple(blocks)


def _runs(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Iterator[Run]:
    at = start
    for i in range(bisect_right(marks, start, key=attrgetter("end")), len(marks)):
        mark = marks[i]
        if mark.start >= end:
            break
        if at < mark.start:
            yield Run(text[at : mark.start])
        at = max(at, mark.start)
        yield Run(text[at : min(mark.end, end)], mark.countries)
        at = min(mark.end, end)
    if at < end:
        yield Run(text[at:end])


def _marks(countries: Sequence[Country]) -> tuple[_Mark, ...]:
    """Lay the evidence of all countries flat: disjoint marks in order, each with its countries."""
    edges = sorted(
        edge
        for i, country in enumerate(countries)
        for span in country.evidence
        for edge in ((span.start, 1, i), (span.end, -1, i))
    )
    marks: list[_Mark] = []
    open_: Counter[int] = Counter()
    at = 0
    for offset, group in groupby(edges, key=itemgetter(0)):
        here = tuple(countries[i] for i in sorted(+open_))
        if here and marks and (marks[-1].end, marks[-1].countries) == (at, here):
            marks[-1] = marks[-1]._replace(end=offset)
        elif here:
            marks.append(_Mark(at, offset, here))
        for _, step, i in group:
            open_[i] += step
        at = offset
    return tuple(marks)
