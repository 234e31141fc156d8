"""Sentences with their offsets, by syntok (a rule-based splitter for prose and the web).

syntok reads a text whole; a line of megabytes is fed to it in stretches of at most
``STRETCH`` characters, cut at white space, so that memory stays bounded.

It decides at marks that may end a sentence, by the tokens beside them alone: so it is given the
words there, and white space in place of the others. A line whose only mark is its last character
is one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import regex

STRETCH = 20_000
CLOSING = ")]}\u232a\u2984\u2986\u3019\u301b\ufd3f\ufe5a\ufe5c\ufe5e\uff09\uff3d\uff5d\uff60"
OPENING = "([{\u2329\u2983\u2985\u3018\u301a\ufd3e\ufe59\ufe5b\ufe5d\uff08\uff3b\uff5b\uff5f"
TERMINALS = ".!?;\u203c\u203d\u2047\u2048\u2049\u3002\ufe52\ufe57\uff01\uff0e\uff1f\uff61"
ODD = r"\n\x1c-\x1f\u200b"  # what syntok takes for white space where ``re`` does not, or otherwise
MARK = re.compile(f"[{re.escape(TERMINALS + CLOSING)}]")
FAR = re.compile(f"[{re.escape(OPENING)}{ODD}]")  # from a bracket syntok looks 50 tokens ahead
SHUT = re.compile(rf"\([^{re.escape(OPENING + CLOSING)}{ODD}]{{0,40}}[^\W_]\)")  # to its end here
_PLAIN = rf"[^\s{re.escape(TERMINALS + CLOSING)}]"
_MARKED = rf"{_PLAIN}*+{MARK.pattern}\S*+"
# Words with a mark, the one before and the one after; the first word. ``re`` loses its place in
# possessive repeats until Python 3.11.5, so another engine looks for them.
BESIDE = regex.compile(
    rf"(?<!\S)(?:{_PLAIN}++\s++)?{_MARKED}(?:\s++{_MARKED})*+(?:\s++\S++)?|\A\s*+{_PLAIN}++(?!\S)"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Split one line of prose into sentences: offsets, end exclusive, white space left out.

    Every character that is not white space lies in exactly one span.

    >>> sentence_spans("He came. She went.")
    [(0, 8), (9, 18)]
    """
    spans: list[tuple[int, int]] = []
    for offset, stretch in _stretches(text):
        starts = [offset + start for start in _sentence_starts(stretch)]
        spans.extend(_trimmed(text, starts, offset + len(stretch)))
    return spans


def _sentence_starts(stretch: str) -> list[int]:
    joined = SHUT.sub(lambda match: ")" * len(match.group()), stretch)
    if FAR.search(joined):
        return [0, *(start for start in _read(stretch) if start > 0)]
    if not MARK.search(joined, 0, len(joined.rstrip()) - 1):
        return [0]
    kept, at = [], 0
    for match in BESIDE.finditer(joined):
        kept.append(stretch[match.start() : match.end()].rjust(match.end() - at))
        at = match.end()
    return [0, *(start for start in _read("".join(kept)) if start > 0)]


def _read(text: str) -> list[int]:
    """Let syntok say where sentences start."""
    from syntok import segmenter

    return [
        sentence[0].offset
        for paragraph in segmenter.analyze(text)
        for sentence in paragraph
        if sentence
    ]


def _trimmed(text: str, starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        piece = text[start:stop]
        left = len(piece) - len(piece.lstrip())
        right = len(piece.rstrip())
        if left < right:
            yield start + left, start + right


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > STRETCH:
        cut = text.rfind(" ", start + STRETCH // 2, start + STRETCH)
        cut = start + STRETCH if cut < 0 else cut
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]
