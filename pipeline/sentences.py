"""Sentences with their offsets, by syntok (a rule-based splitter for prose and the web).

syntok reads a text whole; a line of megabytes is fed to it in stretches of at most
``STRETCH`` characters, cut at white space, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator

STRETCH = 20_000


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
    from syntok import segmenter

    starts = [
        sentence[0].offset
        for paragraph in segmenter.analyze(stretch)
        for sentence in paragraph
        if sentence
    ]
    return [0, *(start for start in starts if start > 0)]


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
