"""Fits the country ranker on the training part of the corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.params import RegionParams
from pipeline.places.ranker import CountryRanker
from pipeline.reading import Sample, article_sample, plain_sample
from pipeline.records import Article
from pipeline.store.vectors import Vectors

TEASER = 260  # characters of a teaser's text, about what news pages print


def views(article: Article) -> tuple[Sample, ...]:
    """Read an article as it may be met: whole or as a teaser, with its headline or without."""
    start = " ".join(article.paragraphs)[:TEASER]
    teaser = (start.rsplit(" ", 1)[0] or start,)
    return (
        article_sample(article),
        plain_sample(article.paragraphs, None, article.dateline, article.id),
        plain_sample(teaser, article.headline, article.dateline, article.id),
        plain_sample(teaser, None, article.dateline, article.id),
    )


def train_region(
    articles: Sequence[Article], vectors: Vectors, params: RegionParams
) -> CountryRanker:
    """Fit on the articles of the training split, each in all its views.

    The views of an article share its vector: encoding each apart gains nothing.

    :param vectors: shape ``(len(articles), d)``, of each article's readable text.
    """
    rows = [i for i, article in enumerate(articles) if article.split == "train"]
    samples = [(view, i) for i in rows for view in views(articles[i])]
    index = np.array([i for _, i in samples], dtype=np.int64)
    return CountryRanker.fit(
        [view for view, _ in samples],
        vectors[index],
        [articles[i].countries for i in index],
        [articles[i].fold for i in index],
        params,
    )
