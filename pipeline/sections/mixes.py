"""Texts joined from stretches of several articles: where one ends, the subject has changed.

Some join articles taken at random, as in Choi (2000); some articles that are near each other in
meaning, which is harder; and some are one article alone, with nothing to cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.sections.prose import Paragraph, Prose
from pipeline.segment.form import Matrix

KINDS = ("apart", "near", "one")
SHARES = (0.5, 0.4, 0.1)
NEAREST = 25  # articles that near ones are chosen from
SHORT, LONG = (3, 11), (5, 40)  # sentences of a stretch
STYLES = ("short", "long", "whole")
STYLE_SHARES = (0.45, 0.3, 0.25)
OPENING = 0.6  # of the stretches begin where their article does
PARAGRAPH = 4  # sentences in one at most


class Source(NamedTuple):
    """An article in sentences, with its ``vector`` (d,) of length 1 and its fold."""

    id: str
    fold: int
    sentences: tuple[str, ...]
    vector: Matrix


def mixed_prose(sources: Sequence[Source], count: int, seed: int) -> list[Prose]:
    """Join stretches of articles into ``count`` texts; none mixes articles of two folds."""
    rng = np.random.default_rng(seed)
    folds = sorted({source.fold for source in sources})
    own = {fold: [s for s in sources if s.fold == fold] for fold in folds}
    return [
        _mixed(own[folds[number % len(folds)]], f"mix-{number}", rng) for number in range(count)
    ]


def _mixed(sources: Sequence[Source], name: str, rng: np.random.Generator) -> Prose:
    kind = KINDS[rng.choice(len(KINDS), p=SHARES)]
    style = STYLES[rng.choice(len(STYLES), p=STYLE_SHARES)]
    chosen = _chosen(sources, kind, rng)
    sections = tuple(_stretch(source.sentences, style, rng) for source in chosen)
    return Prose(name, sources[0].fold, sections, "mixed")


def _chosen(sources: Sequence[Source], kind: str, rng: np.random.Generator) -> list[Source]:
    """Choose articles: at random, from the nearest to one of them, or one."""
    if kind == "one":
        return [sources[int(rng.integers(len(sources)))]]
    wanted = int(rng.integers(2, 13 if kind == "apart" else 10))
    among = np.arange(len(sources))
    if kind == "near":
        vectors = np.stack([source.vector for source in sources])
        among = np.argsort(-(vectors @ vectors[int(rng.integers(len(sources)))]))[:NEAREST]
    return [sources[i] for i in rng.permutation(among)[:wanted]]


def _stretch(
    sentences: Sequence[str], style: str, rng: np.random.Generator
) -> tuple[Paragraph, ...]:
    """Take a stretch of an article and set it in paragraphs."""
    least, most = SHORT if style == "short" else LONG
    length = len(sentences) if style == "whole" else int(rng.integers(least, most + 1))
    length = min(length, len(sentences))
    first = 0 if rng.random() < OPENING else int(rng.integers(len(sentences) - length + 1))
    paragraphs = []
    at, end = first, first + length
    while at < end:
        size = int(rng.integers(1, PARAGRAPH + 1))
        paragraphs.append(Paragraph(tuple(sentences[at : min(at + size, end)])))
        at += size
    return tuple(paragraphs)
