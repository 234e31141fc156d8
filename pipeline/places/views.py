"""A labelled article as the country ranker may meet it."""

from __future__ import annotations

from pipeline.reading import Sample, article_sample, opening_of, plain_sample
from pipeline.records import Article

TEASER = 260  # characters of a teaser's text, about what news pages print


def country_views(article: Article) -> tuple[Sample, ...]:
    """Read an article whole and as a teaser, each with its headline and without.

    The whole article comes first; what would be the same again is left out.
    """
    text = " ".join(article.paragraphs)
    bodies = [article.paragraphs]
    if len(text) > TEASER:
        bodies.append((opening_of(text, TEASER),))
    headlines = (article.headline, None) if article.headline else (None,)
    return (
        article_sample(article),
        *(
            plain_sample(body, headline, article.dateline, article.id)
            for body in bodies
            for headline in headlines
            if (body, headline) != (article.paragraphs, article.headline)
        ),
    )
