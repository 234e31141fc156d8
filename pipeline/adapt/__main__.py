"""Stage ``adapt``: teach the encoder to read pages, on real stories that are not in the project.

The stage is frozen: its weights are in Git, and the pipeline uses them as they are.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from pipeline.adapt.stream import loader
from pipeline.adapt.train import train
from pipeline.errors import MissingArtifactError
from pipeline.params import load_params
from pipeline.reader.network import PageNetwork, fresh_network
from pipeline.reader.weights import load_network, save_network
from pipeline.realnews import carded
from pipeline.realpages.sources import kept_from_teaching, real_articles, source
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.metrics import write_metrics


def main() -> None:
    """Read the real sets, mix pages, train; write the weights and how they came about."""
    params = load_params().adapt
    rng = np.random.default_rng(params.seed)
    articles = [a for a in real_articles(Path(params.shared), rng) if not kept_from_teaching(a.id)]
    network = start_network(params.start)
    others = [network_at(revision) for revision in params.mean_with]
    losses = train(network, loader(articles, params), params)
    averaged(network, others)
    save_network(layout.READER, network, fresh_network())
    card = {
        "stories": dict(sorted(Counter(map(source, articles)).items())),
        "params": carded(params),
        "loss": [round(value, 4) for value in losses],
    }
    write_metrics(layout.READER_CARD, card)


def start_network(revision: str) -> PageNetwork:
    """Build the network to be taught: as it was at a revision of this repository, or new."""
    network = network_at(revision, grown=True) if revision else fresh_network()
    network.train()
    return network


def network_at(revision: str, *, grown: bool = False) -> PageNetwork:
    """Build the network with what it knew at a revision.

    :param grown: it may have heads now that it had not then; they are new.
    :raises MissingArtifactError: the revision is not here.
    :raises CorruptArtifactError: its weights are of another network.
    """
    shown = subprocess.run(["git", "show", f"{revision}:{layout.READER}"], capture_output=True)
    if shown.returncode:
        raise MissingArtifactError(
            f"{layout.READER} of revision {revision} is not here: fetch the whole history with "
            "`git fetch --unshallow`, or take it out of adapt.start and adapt.mean_with"
        )
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "reader.safetensors"
        weights.write_bytes(shown.stdout)
        return load_network(weights, fresh_network(), grown=grown)


def averaged(network: PageNetwork, others: Sequence[PageNetwork]) -> None:
    """Set the network's weights to the mean of its own and others' (Wortsman et al. 2022).

    What is the same in all stays as it is, to the last bit.
    """
    state = network.state_dict()
    every = [state, *(other.state_dict() for other in others)]
    for name, value in state.items():
        if any(not torch.equal(value, each[name]) for each in every):
            state[name] = torch.stack([each[name] for each in every]).mean(0)
    network.load_state_dict(state)


if __name__ == "__main__":
    run_stage("adapt", main)
