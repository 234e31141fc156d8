"""Units: the smallest pieces that a story is made of, with their offsets.

A unit is a sentence, or a line that holds less. Stories start only where units start, so the
gaps between units are the candidate boundaries: every line end and every sentence end, and in
running lines also the place before a kicker in capitals and a colon (``PERMIT REVOKED: ...``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.sentences import sentence_spans

LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
KICKER = re.compile(r"(?:[A-Z][A-Z0-9'’&.\-]*)(?: [A-Z0-9&][A-Z0-9'’&.\-]*){0,4}:(?= \S)")
INNER_KICKER = re.compile(rf"(?<=[^A-Z] ){KICKER.pattern}")
SIGNED = re.compile(r"^.{0,50}\([A-Z][\w ]{1,20}\)$")
LONGEST = 1500


class Unit(NamedTuple):
    """One unit of a page: ``text[start:end]``, no white space at its ends.

    ``breaks`` counts the line ends between it and the unit before (0 inside a line);
    ``last`` is true if no other unit follows on its line.
    """

    start: int
    end: int
    breaks: int
    last: bool


def find_units(text: str) -> list[Unit]:
    """Split a page into units; together they hold every character that is not white space.

    >>> [(u.start, u.end, u.breaks) for u in find_units("It rained. It poured.\\n\\nPhoto: AP")]
    [(0, 10, 0), (11, 21, 0), (23, 32, 2)]
    """
    units: list[Unit] = []
    reached = 0
    for match in LINE.finditer(text):
        spans = [
            (match.start() + start, match.start() + end)
            for sentence in _rejoined(match.group(), sentence_spans(match.group()))
            for start, end in _pieces(match.group(), *sentence)
        ]
        for number, (start, end) in enumerate(spans):
            breaks = _line_breaks(text[reached:start]) if units and number == 0 else 0
            units.append(Unit(start, end, breaks, number == len(spans) - 1))
        if spans:
            reached = spans[-1][1]
    return units


def split_units(text: str, units: Sequence[Unit], cuts: Sequence[Sequence[int]]) -> list[Unit]:
    """Split units where further pieces begin inside them.

    :param cuts: for each unit, places in the text, in order, each at the first letter of a word.

    >>> split_units("Rain falls (Reuters)", [Unit(0, 20, 0, True)], [[11]])
    [Unit(start=0, end=10, breaks=0, last=False), Unit(start=11, end=20, breaks=0, last=True)]
    """
    found: list[Unit] = []
    for unit, inner in zip(units, cuts, strict=True):
        starts = [unit.start, *inner]
        for start, end in zip(starts, [*inner, unit.end], strict=True):
            first, last = start == unit.start, end == unit.end
            stop = start + len(text[start:end].rstrip())
            found.append(Unit(start, stop, unit.breaks if first else 0, unit.last and last))
    return found


def _rejoined(line: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put a dateline's agency and the dash after it back into one sentence."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and line[start] in "-–—" and SIGNED.search(line[slice(*joined[-1])]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _line_breaks(between: str) -> int:
    return max(1, len(BREAK.findall(between)))


def _pieces(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split a sentence before inner kickers, and where it is too long for any sentence."""
    cuts = [start]
    for match in INNER_KICKER.finditer(line, start + 1, end):
        if len(match.group()) > 3:
            cuts.append(match.start())
    pieces: list[tuple[int, int]] = []
    for left, right in zip(cuts, [*cuts[1:], end], strict=True):
        while right - left > LONGEST:
            space = line.rfind(" ", left + LONGEST // 2, left + LONGEST)
            stop = left + LONGEST if space < 0 else space
            pieces.append((left, stop))
            left = stop
        pieces.append((left, right))
    return [span for span in (_stripped(line, *piece) for piece in pieces) if span[0] < span[1]]


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    piece = line[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return left, max(left, start + len(piece.rstrip()))
