"""Fits the topic head on the training part of the corpus, and on packs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.encoder import Encoder
from pipeline.labels import IPTC, Label
from pipeline.packs.pack import Pack, spread
from pipeline.params import TopicParams
from pipeline.records import Article
from pipeline.taxonomy import TOPICS
from pipeline.topics.counts import Count, count_words
from pipeline.topics.head import TopicHead
from pipeline.topics.outside import OUTSIDE
from pipeline.topics.views import topic_views


def train_topic(
    articles: Sequence[Article],
    encoder: Encoder,
    params: TopicParams,
    packs: Sequence[Pack] = (),
    taxonomy: Sequence[Label] = IPTC.labels,
    count: Count = count_words,
) -> TopicHead:
    """Fit on the articles of the training split and on packs, each story in all its views.

    Packs hold no words, so words are weighed only without any.

    Probabilities are set right on real stories where packs hold any that the encoder was not
    taught on, else on all. Beside packs the corpus counts less: its balance of topics is flat.
    """
    train = [article for article in articles if article.split == "train"]
    samples = [(view.readable(), article) for article in train for view in topic_views(article)]
    texts = [text for text, _ in samples]
    vectors = [np.asarray(encoder.encode(texts))]
    topics = [article.topics for _, article in samples]
    folds = [article.fold for _, article in samples]
    judged = [False] * len(samples)
    weights = [params.corpus_weight if packs else 1.0] * len(samples)
    corpus_folds = list(folds)
    for pack in packs:
        own = spread(pack.keys, corpus_folds)
        vectors.append(pack.vectors)
        for i in pack.owners():
            topics.append(pack.stories[i].topics)
            folds.append(own[i])
            judged.append(pack.stories[i].unseen)
            weights.append(1.0)
    head = TopicHead.fit(
        np.concatenate(vectors),
        topics,
        folds,
        {label.key: encoder.encode(label.phrases) for label in taxonomy},
        params,
        np.array(judged) if any(judged) else None,
        np.array(weights),
        encoder.encode(OUTSIDE),
        count([*texts, *OUTSIDE]) if params.words and not packs else None,
    )
    entries = [label.entry for label in taxonomy]
    return head if set(entries) <= set(TOPICS) else head.named(entries)
