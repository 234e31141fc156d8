"""Stage ``learning_curve HEAD``: train a head on growing parts of the corpus, write how it does."""

from __future__ import annotations

import sys

from pipeline.encoder import MemoEncoder
from pipeline.errors import UsageError
from pipeline.labels import Label
from pipeline.learning_curve.curve import country_curve, topic_curves
from pipeline.params import load_params
from pipeline.records import Article
from pipeline.serving.network import Export
from pipeline.serving.stories import open_encoder
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records
from pipeline.store.metrics import write_metrics
from pipeline.store.vectors import read_vectors
from pipeline.train.packs import own_packs, topic_packs


def main(head: str = "") -> None:
    """Read articles and vectors, packs too for topics; write the points of one head's curves."""
    params = load_params()
    articles = read_records(layout.ARTICLES, Article)
    model = open_encoder(Export(layout.EXPORT))
    encoder = MemoEncoder(model, read_vectors(layout.STORY_VECTORS, model.fingerprint))
    settings = params.learning_curve
    if head == "topic":
        taxonomy = read_records(layout.TAXONOMY, Label)
        packs = list(topic_packs(own_packs(articles, model.fingerprint), taxonomy).values())
        curves = topic_curves(articles, encoder, taxonomy, params.topic, settings, packs)
        stories = sum(len(pack.stories) for pack in packs)
        write_metrics(layout.TOPIC_CURVE, {**curves, "pack_stories": stories})
    elif head == "region":
        curve = country_curve(articles, encoder, params.region, settings)
        write_metrics(layout.REGION_CURVE, {"country": curve})
    else:
        raise UsageError(f"no head {head!r}: it is topic or region")


if __name__ == "__main__":
    run_stage("learning_curve", lambda: main(*sys.argv[1:2]), *sys.argv[1:2])
