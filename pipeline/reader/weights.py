"""The adapted network on disk: differences to the packaged encoder, and the heads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt
import torch

from pipeline.errors import CorruptArtifactError
from pipeline.reader.network import PageNetwork
from pipeline.store.differences import read_differences, write_differences

ENCODER = "encoder."  # what stands before the names of the packaged encoder's weights


def save_network(path: Path, network: PageNetwork, packaged: PageNetwork) -> None:
    """Write what the network has learned.

    :param packaged: the same network as it was before.
    """
    write_differences(path, _arrays(network), _encoder_arrays(packaged))


def load_network(path: Path, network: PageNetwork, *, grown: bool = False) -> PageNetwork:
    """Put what :func:`save_network` wrote onto a fresh network over the packaged encoder.

    :param grown: the network may have heads that the file has not; they stay as they are.
    :raises CorruptArtifactError: the file does not fit the network.
    """
    learned = read_differences(path, _encoder_arrays(network))
    state = network.state_dict()
    heads = {name for name in state if not name.startswith(ENCODER)}
    fits = all(
        name in state and value.shape == state[name].shape for name, value in learned.items()
    )
    if not fits or (heads - learned.keys() and not grown):
        raise CorruptArtifactError(f"{path} does not fit the encoder: run `git checkout {path}`")
    state.update({name: torch.from_numpy(value) for name, value in learned.items()})
    network.load_state_dict(state)
    network.eval()
    return network


def _arrays(network: PageNetwork) -> dict[str, npt.NDArray[Any]]:
    return {k: v.detach().float().numpy() for k, v in network.state_dict().items()}


def _encoder_arrays(network: PageNetwork) -> dict[str, npt.NDArray[Any]]:
    return {k: v for k, v in _arrays(network).items() if k.startswith(ENCODER)}
