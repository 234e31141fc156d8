"""Labelled stories to a pack."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.encoder import Encoder
from pipeline.packs.pack import Pack, PackedStory, coarse
from pipeline.places.gazetteer import Gazetteer, common_words, compile_names
from pipeline.places.mentions import survey
from pipeline.places.views import country_views
from pipeline.records import Article
from pipeline.store.digest import text_key
from pipeline.topics.views import topic_views


def make_pack(
    articles: Sequence[Article], encoder: Encoder, unseen: Callable[[str], bool] = lambda _: True
) -> Pack:
    """Derive what the heads learn from.

    :param unseen: says of a story's id whether the encoder was not taught on it.
    """
    views = [topic_views(article) for article in articles]
    vectors = encoder.encode([view.readable() for own in views for view in own])
    gazetteer = Gazetteer(compile_names(common_words([article.text for article in articles])))
    stories = [
        PackedStory(
            article.topics,
            article.countries,
            len(own),
            tuple(coarse(survey(view, gazetteer)) for view in country_views(article)),
            unseen(article.id),
        )
        for article, own in zip(articles, views, strict=True)
    ]
    return Pack([text_key(article.text) for article in articles], stories, np.asarray(vectors))
