"""Stage ``finetune``: teach the encoder what stories are about, on real ones not in the project.

The stage is frozen: its weights are in Git, and the pipeline uses them as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy.typing as npt

from pipeline.encoder import SentenceTransformerEncoder, packaged_encoder, packaged_tokenizer
from pipeline.finetune.lessons import Lesson, prepare, priors
from pipeline.finetune.network import StoryNetwork
from pipeline.finetune.sets import (
    Labelled,
    corpus_stories,
    labelled_articles,
    labelled_sets,
    vocabulary,
)
from pipeline.finetune.teachers import Shares, with_told, without_part
from pipeline.finetune.train import topics_told, train
from pipeline.packs.pack import write_pack
from pipeline.packs.packing import make_pack
from pipeline.params import FinetuneParams, load_params
from pipeline.realnews import carded, held_out
from pipeline.records import Article
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.differences import write_differences
from pipeline.store.jsonl import read_records
from pipeline.store.metrics import write_metrics


def main() -> None:
    """Read the real sets, train; write the weights and how they came about."""
    params = load_params().finetune
    corpus = corpus_stories(read_records(layout.ARTICLES, Article, "dvc repro ingest"))
    sets = {"corpus": corpus, **labelled_sets(Path(params.shared), params.held_out)}
    known = vocabulary(chain.from_iterable(sets.values()))
    tokenizer = packaged_tokenizer()
    lessons = {name: prepare(stories, known, tokenizer) for name, stories in sets.items()}
    network, losses = distilled(sets, lessons, params)
    write_differences(layout.FINETUNED, _arrays(network.encoder), _arrays(packaged_encoder()))
    card = {
        "stories": {name: len(own) for name, own in sets.items()},
        "labels": {name: len(own) for name, own in known.items()},
        "params": carded(params),
        "loss": [round(value, 4) for value in losses],
    }
    write_metrics(layout.FINETUNED_CARD, card)
    pack_labelled(Path(params.shared), params.held_out)


def distilled(
    sets: Mapping[str, Sequence[Labelled]],
    lessons: Mapping[str, Sequence[Lesson]],
    params: FinetuneParams,
) -> tuple[StoryNetwork, list[float]]:
    """Teach the teachers, then the network that is kept: it, and its losses."""
    told: dict[str, list[Shares]] = {name: [] for name in lessons}
    for part in range(params.teachers):
        own = without_part(sets, lessons, part, params.teachers)
        teacher = fresh_network(own)
        seed, label = params.seed + 1 + part, f"finetune: teacher {part + 1}"
        train(teacher, own, params, params.teacher_steps, seed, params.frozen_layers, label)
        for name, every in lessons.items():
            told[name].append(topics_told(teacher, every, params.tokens))
    taught = with_told(sets, lessons, told, params.trust)
    network = fresh_network(taught)
    losses = train(network, taught, params, params.steps, params.seed)
    return network.to("cpu"), losses


def fresh_network(lessons: Mapping[str, Sequence[Lesson]]) -> StoryNetwork:
    """Build a network over the packaged encoder as it came."""
    return StoryNetwork(packaged_encoder(), priors(chain.from_iterable(lessons.values())))


def pack_labelled(shared: Path, one_in: int) -> None:
    """Derive the feature pack of the stories labelled for this project, by the taught encoder."""
    encoder = SentenceTransformerEncoder(weights=layout.FINETUNED, progress=sys.stderr.isatty())
    pack = make_pack(labelled_articles(shared), encoder, lambda story: held_out(story, one_in))
    write_pack(layout.REAL_PACK, pack, encoder.fingerprint)


def _arrays(encoder: Any) -> dict[str, npt.NDArray[Any]]:
    return {k: v.detach().float().numpy() for k, v in encoder.state_dict().items()}


if __name__ == "__main__":
    run_stage("finetune", main)
