from __future__ import annotations

from collections.abc import Sequence

from pipeline.embed.texts import head_texts
from pipeline.encoder import MemoEncoder
from pipeline.labels import IPTC
from pipeline.reading import Sample, article_sample
from pipeline.store.vectors import Vectors
from pipeline.train.topic import train_topic
from tests.encoders import HashedEncoder
from tests.tiny import some_articles, some_pages
from tests.topics.test_head import PARAMS


class NothingNew:
    """An encoder that must not be asked."""

    fingerprint = "hashed@0"

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError(f"not embedded: {texts[0][:60]!r}")


def embedded() -> MemoEncoder:
    memo = MemoEncoder(HashedEncoder())
    memo.encode(list(head_texts(some_articles(), some_pages(20), IPTC.labels)))
    return MemoEncoder(NothingNew(), memo.table)


def test_training_the_heads_encodes_nothing_anew() -> None:
    encoder = embedded()
    assert len(train_topic(some_articles(), encoder, PARAMS).labels) == 17
    rows = encoder.encode([article_sample(article).readable() for article in some_articles()])
    assert rows.shape == (150, 16)


def test_labelling_gold_stories_encodes_nothing_anew() -> None:
    encoder = embedded()
    samples = [Sample(page.text, story) for page in some_pages(20) for story in page.stories]
    assert len(encoder.encode([sample.readable() for sample in samples])) == len(samples)
