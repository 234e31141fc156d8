"""A labelled article as it may be met: whole, or as the opening that a teaser prints."""

from __future__ import annotations

from pipeline.reading import Sample, article_sample, plain_sample
from pipeline.records import Article

OPENING = 350  # characters


def topic_views(article: Article) -> tuple[Sample, ...]:
    """Return the views that the topic head learns from; the whole article comes first."""
    start = " ".join(article.paragraphs)[:OPENING]
    opening = (start.rsplit(" ", 1)[0] or start,)
    return (article_sample(article), plain_sample(opening, article.headline, article.dateline))
