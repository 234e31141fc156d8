"""A labelled article as it may be met: whole, or as the opening that a teaser prints."""

from __future__ import annotations

from pipeline.reading import Sample, article_sample, opening_of, plain_sample
from pipeline.records import Article

OPENING = 350  # characters


def topic_views(article: Article) -> tuple[Sample, ...]:
    """Return the views that the topic head learns from; the whole article comes first.

    A story no longer than an opening has one view.
    """
    whole = article_sample(article)
    text = " ".join(article.paragraphs)
    if len(text) <= OPENING:
        return (whole,)
    opening = (opening_of(text, OPENING),)
    return (whole, plain_sample(opening, article.headline, article.dateline, article.id))
