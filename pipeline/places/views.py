"""A labelled article as the country ranker may meet it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.reading import Sample, article_sample, opening_of, plain_sample
from pipeline.records import Article

TEASER = 260  # characters of a teaser's text, about what news pages print
TRIED = 200  # articles that are asked for a dateline


def country_views(article: Article, reported_from: str | None = None) -> tuple[Sample, ...]:
    """Read an article whole and as a teaser, each with its headline and without.

    The whole article comes first; what would be the same again is left out.

    :param reported_from: a dateline of elsewhere, which the article has in two further views.
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
        *(
            plain_sample(body, article.headline, reported_from, article.id)
            for body in bodies
            if reported_from
        ),
    )


def datelines_elsewhere(articles: Sequence[Article]) -> list[str | None]:
    """Give each article that has a dateline that of another, about other countries alone.

    A correspondent writes from the next capital too: a dateline is a hint, and where it always
    names the country in focus, as in a corpus that was written story by story, it would be taken
    for the answer. Where the place itself lies is not looked up. None where none of the
    :data:`TRIED` articles that are asked is such a one.
    """
    dated = [article for article in articles if article.dateline]
    far = len(dated) // 2  # neighbours in order are often of one part of the world
    found: dict[str, str | None] = {}
    for n, article in enumerate(dated):
        tried = (dated[(n + far + step) % len(dated)] for step in range(min(TRIED, len(dated))))
        found[article.id] = next((a.dateline for a in tried if _elsewhere(a, article)), None)
    return [found.get(article.id) for article in articles]


def _elsewhere(other: Article, article: Article) -> bool:
    apart = bool(other.countries) and not set(other.countries) & set(article.countries)
    return apart and other.dateline != article.dateline
