"""Text as other sources hand it on: tokenised, without case, without punctuation.

Whole decks of stories are treated alike, so that a page's stories do not differ by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from pipeline.records import Article

Rng = np.random.Generator
Treatment = Callable[[str], str]

_QUOTE = re.compile(r"[\"“](?=\w)")
_MARK = re.compile(r"([,.;:!?)]+)(?=\s|$)|([(])")
_PUNCTUATION = re.compile(r"[^\w\s]+")


def tokenised(text: str) -> str:
    """Set spaces around punctuation and write quotes as the Penn Treebank does.

    >>> tokenised('“It rained,” he said.')
    "`` It rained , '' he said ."
    """
    text = _QUOTE.sub("`` ", text).replace("”", " ''").replace('"', " ''")
    return " ".join(_MARK.sub(r" \1\2 ", text).split())


def unpunctuated(text: str) -> str:
    """Leave words alone, without marks; a text of nothing else stays as it is.

    >>> unpunctuated("It rained, he said.")
    'It rained he said'
    """
    return " ".join(_PUNCTUATION.sub(" ", text).split()) or text


TREATMENTS: Sequence[tuple[float, Treatment]] = (
    (0.12, tokenised),
    (0.04, unpunctuated),
    (0.04, str.lower),
)


def weathered(deck: Sequence[Article], rng: Rng) -> list[Article]:
    """Treat a few decks of articles; the others stay as they are."""
    draw = rng.random()
    for share, treatment in TREATMENTS:
        if 0 <= draw < share:
            return [_treated(article, treatment) for article in deck]
        draw -= share
    return list(deck)


def _treated(article: Article, treatment: Treatment) -> Article:
    return msgspec.structs.replace(
        article,
        paragraphs=tuple(map(treatment, article.paragraphs)),
        headline=treatment(article.headline) if article.headline else None,
        caption=treatment(article.caption) if article.caption else None,
    )
