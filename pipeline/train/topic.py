"""Fits the topic head on the training part of the corpus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.encoder import Encoder
from pipeline.params import TopicParams
from pipeline.records import Article
from pipeline.topics.descriptions import DESCRIPTIONS
from pipeline.topics.head import TopicHead
from pipeline.topics.views import topic_views


def train_topic(articles: Sequence[Article], encoder: Encoder, params: TopicParams) -> TopicHead:
    """Fit on the articles of the training split, each in all its views."""
    train = [article for article in articles if article.split == "train"]
    samples = [(view.readable(), article) for article in train for view in topic_views(article)]
    descriptions = {
        key: encoder.encode(phrases) for key, phrases in DESCRIPTIONS.items() if phrases
    }
    return TopicHead.fit(
        np.asarray(encoder.encode([text for text, _ in samples])),
        [article.topics for _, article in samples],
        [article.fold for _, article in samples],
        descriptions,
        params,
    )
