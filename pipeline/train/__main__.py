"""Stage ``train HEAD``: fit the topic head or the region head from articles and vectors."""

from __future__ import annotations

import sys

from pipeline.encoder import MemoEncoder
from pipeline.errors import UsageError
from pipeline.labels import Label
from pipeline.params import load_params
from pipeline.reading import article_sample
from pipeline.records import Article
from pipeline.serving.network import Export
from pipeline.serving.stories import open_encoder
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records
from pipeline.store.vectors import read_vectors
from pipeline.thresholds import write_trials
from pipeline.train.packs import own_packs, topic_packs
from pipeline.train.region import train_region
from pipeline.train.topic import train_topic


def main(head: str = "") -> None:
    """Read articles and vectors; write one head into the bundle's folder."""
    params = load_params()
    articles = read_records(layout.ARTICLES, Article)
    model = open_encoder(Export(layout.EXPORT))
    encoder = MemoEncoder(model, read_vectors(layout.STORY_VECTORS, model.fingerprint))
    packs = own_packs(articles, model.fingerprint)
    if head == "topic":
        folder = layout.MODELS / layout.TOPIC_HEAD
        taxonomy = read_records(layout.TAXONOMY, Label)
        teaching = topic_packs(packs, taxonomy)
        topics = train_topic(articles, encoder, params.topic, list(teaching.values()), taxonomy)
        topics.save(folder)
        write_trials(layout.TOPIC_THRESHOLDS, topics.trials)
    elif head == "region":
        vectors = encoder.encode([article_sample(article).readable() for article in articles])
        ranker = train_region(articles, vectors, params.region, list(packs.values()))
        if not ranker.taught:
            sys.stderr.write(
                "train: corpus and packs name fewer than two countries: classify will name none\n"
            )
        ranker.save(layout.MODELS / layout.REGION_HEAD)
        write_trials(layout.REGION_THRESHOLDS, ranker.trials)
    else:
        raise UsageError(f"no head {head!r}: it is topic or region")


if __name__ == "__main__":
    run_stage("train", lambda: main(*sys.argv[1:2]), *sys.argv[1:2])
