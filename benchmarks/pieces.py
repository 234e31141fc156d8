"""A text in pieces: the ways to split it, and the way back from pieces to offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from pipeline.sentences import sentence_spans
from pipeline.units import LINE, find_units

Spans = list[tuple[int, int]]
Splitter = Callable[[str], Spans]


def sentences(text: str) -> Spans:
    """Split by sentence alone, over the whole text: a line break means no more than a blank."""
    return sentence_spans(text)


def units(text: str) -> Spans:
    """Split by sentence and by line: line breaks count as sentence ends too."""
    return [(unit.start, unit.end) for unit in find_units(text)]


def lines(text: str) -> Spans:
    """Split by line; blank ones are left out, and white space around a line."""
    found: Spans = []
    for match in LINE.finditer(text):
        line = match.group()
        left = match.start() + len(line) - len(line.lstrip())
        right = match.start() + len(line.rstrip())
        if left < right:
            found.append((left, right))
    return found


def cut_before(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Cut ``text`` before each span but the first, so that the pieces join back to it.

    >>> cut_before("One. Two.", [(0, 4), (5, 9)])
    ['One. ', 'Two.']
    """
    cuts = [0, *(start for start, _ in spans[1:]), len(text)]
    return [text[a:b] for a, b in pairwise(cuts)]


def starts_of(text: str, pieces: Iterable[str]) -> list[int]:
    """Find where pieces of ``text`` begin, whatever was done to its white space.

    >>> starts_of("One. Two.\\n\\nThree.", ["One.  Two. ", "Three."])
    [0, 11]

    :returns: the offset of each piece's first character that is not white space.
    :raises ValueError: the pieces are not all of the text.
    """
    places = [i for i, char in enumerate(text) if not char.isspace()]
    starts: list[int] = []
    reached = 0
    for piece in pieces:
        size = sum(not char.isspace() for char in piece)
        if size and reached < len(places):
            starts.append(places[reached])
        reached += size
    if reached != len(places):
        raise ValueError(f"pieces hold {reached} characters, the text {len(places)}")
    return starts
