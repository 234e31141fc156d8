"""Which texts the heads will ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.labels import Label
from pipeline.reading import Sample, article_sample
from pipeline.records import Article, Page
from pipeline.topics.outside import OUTSIDE
from pipeline.topics.views import topic_views


def head_texts(
    articles: Sequence[Article], pages: Iterable[Page], labels: Iterable[Label]
) -> Iterator[str]:
    """Name every text: articles in their views, stories on pages, descriptions, what is no news.

    The region head reads articles whole, which is the first of the topic head's views; so are
    those read that are held out.

    :param pages: held-out pages, with their gold stories and as cut.
    """
    for article in articles:
        views = topic_views(article) if article.split == "train" else (article_sample(article),)
        for view in views:
            yield view.readable()
    for page in pages:
        for story in page.stories:
            yield Sample(page.text, story).readable()
    for label in labels:
        yield from label.phrases
    yield from OUTSIDE
