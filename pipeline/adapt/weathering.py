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
    (0.08, tokenised),
    (0.03, unpunctuated),
    (0.03, str.lower),
)


def weathered(articles: Sequence[Article], deck: int, rng: Rng) -> list[Article]:
    """Number decks of ``deck`` articles as folds, and treat a few of them."""
    found: list[Article] = []
    for fold, start in enumerate(range(0, len(articles), deck)):
        draw = rng.random()
        treatment: Treatment | None = None
        for share, each in TREATMENTS:
            if 0 <= draw < share:
                treatment = each
            draw -= share
        for article in articles[start : start + deck]:
            found.append(_treated(msgspec.structs.replace(article, fold=fold), treatment))
    return found


def _treated(article: Article, treatment: Treatment | None) -> Article:
    if treatment is None:
        return article
    return msgspec.structs.replace(
        article,
        paragraphs=tuple(map(treatment, article.paragraphs)),
        headline=treatment(article.headline) if article.headline else None,
    )
