"""Stage ``adapt``: teach the encoder to read pages, on real stories that are not in the project.

The stage is frozen: its weights are in Git, and the pipeline uses them as they are.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from tqdm import tqdm

from pipeline.adapt.lessons import Lesson, lesson
from pipeline.adapt.sources import real_articles
from pipeline.adapt.train import train
from pipeline.adapt.weathering import weathered
from pipeline.encoder import packaged_tokenizer
from pipeline.errors import MissingArtifactError
from pipeline.mix.layouts import mix_pages
from pipeline.params import load_params
from pipeline.reader.network import PageNetwork, fresh_network
from pipeline.reader.weights import load_network, save_network
from pipeline.realnews import held_out
from pipeline.records import Article, Page
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.metrics import write_metrics

HELD_OUT = 20  # one story in so many is never taught, so that choices can be made on it
LAYOUTS = {  # more of what is hard to cut, and of plain text, than the pages of the gap model have
    "teasers, kicker": 0.07,
    "teasers, headline": 0.05,
    "teasers, plain": 0.07,
    "teasers, mixed": 0.04,
    "digest": 0.07,
    "newsletter": 0.05,
    "index": 0.07,
    "run together": 0.13,
    "openings": 0.05,
    "flattened": 0.18,
    "single": 0.13,
    "wire": 0.03,
    "transcript": 0.02,
    "lines": 0.08,
    "excerpts": 0.08,
}


def main() -> None:
    """Read the real sets, mix pages, train; write the weights and how they came about."""
    params = load_params().adapt
    rng = np.random.default_rng(params.seed)
    articles = [a for a in real_articles(Path(params.shared), rng) if not held_out(a.id, HELD_OUT)]
    decks = weathered(articles, params.deck, rng)
    lessons = prepare(mix_pages(decks, params.pages, params.seed, "real", LAYOUTS), rng)
    network = start_network(params.start)
    losses = train(network, lessons, params)
    save_network(layout.READER, network, fresh_network())
    card = {
        "stories": dict(sorted(Counter(_source(a) for a in articles).items())),
        "pages": len(lessons),
        "units": sum(len(each.units) for each in lessons),
        "params": {k: v for k, v in msgspec.to_builtins(params).items() if k != "shared"},
        "loss": [round(value, 4) for value in losses],
    }
    write_metrics(layout.READER_CARD, card)


def prepare(pages: Sequence[Page], rng: np.random.Generator) -> list[Lesson]:
    """Make pages lessons."""
    tokenizer = packaged_tokenizer()
    bar = tqdm(pages, desc="adapt: pages", unit="page", file=sys.stderr, disable=None)
    return [lesson(page, tokenizer, rng) for page in bar]


def start_network(revision: str) -> PageNetwork:
    """Build the network, with what it knew at a revision of this repository."""
    network = fresh_network()
    if not revision:
        return network
    shown = subprocess.run(["git", "show", f"{revision}:{layout.READER}"], capture_output=True)
    if shown.returncode:
        raise MissingArtifactError(
            f"{layout.READER} of revision {revision} is not here: fetch the whole history with "
            "`git fetch --unshallow`, or set adapt.start to '' in params.yaml"
        )
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "reader.safetensors"
        weights.write_bytes(shown.stdout)
        network = load_network(weights, network, grown=True)
    network.train()
    return network


def _source(article: Article) -> str:
    return article.id.split("-")[0]


if __name__ == "__main__":
    run_stage("adapt", main)
