"""Stage ``learning_curve``: train the heads on growing parts of the corpus, write how they do."""

from __future__ import annotations

from pipeline.encoder import MemoEncoder
from pipeline.labels import Label
from pipeline.learning_curve.curve import country_curve, topic_curve
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


def main() -> None:
    """Read articles, vectors and packs; write the points of the curves."""
    params = load_params()
    articles = read_records(layout.ARTICLES, Article)
    model = open_encoder(Export(layout.EXPORT))
    encoder = MemoEncoder(model, read_vectors(layout.STORY_VECTORS, model.fingerprint))
    taxonomy = read_records(layout.TAXONOMY, Label)
    packs = list(topic_packs(own_packs(articles, model.fingerprint), taxonomy).values())
    topic, settings = params.topic, params.learning_curve
    write_metrics(
        layout.LEARNING_CURVE,
        {
            "topic": topic_curve(articles, encoder, taxonomy, topic, settings),
            "topic_with_packs": topic_curve(articles, encoder, taxonomy, topic, settings, packs)
            if packs
            else [],
            "country": country_curve(articles, encoder, params.region, settings),
            "pack_stories": sum(len(pack.stories) for pack in packs),
        },
    )


if __name__ == "__main__":
    run_stage("learning_curve", main)
