"""The adapted network on disk: in eight bits, what training changed in the packaged encoder.

Only differences to the packaged weights are kept, so the file holds little and rounding them costs
little: each row of a matrix is scaled to 127 steps (symmetric per-channel quantisation, Jacob et
al. 2018). Heads and vectors are kept in 16 bits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from pipeline.errors import CorruptArtifactError
from pipeline.reader.network import PageNetwork
from pipeline.store.tensors import read_tensors, write_tensors

STEPS = 127
SCALE = ".scale"


def save_network(path: Path, network: PageNetwork, packaged: PageNetwork) -> None:
    """Write what the network has learned.

    :param packaged: the same network as it was before.
    """
    before = packaged.state_dict()
    tensors: dict[str, np.ndarray[Any, Any]] = {}
    for name, value in network.state_dict().items():
        if name.startswith("encoder.embeddings."):
            continue
        if name.startswith("encoder."):
            value = value - before[name]
        array = value.detach().float().numpy()
        if array.ndim == 2 and name.startswith("encoder."):
            scale = np.maximum(np.abs(array).max(axis=1, keepdims=True) / STEPS, 1e-12)
            tensors[name] = np.round(array / scale).astype(np.int8)
            tensors[name + SCALE] = scale.astype(np.float32)
        else:
            tensors[name] = array.astype(np.float16)
    write_tensors(path, tensors)


def load_network(path: Path, network: PageNetwork, *, grown: bool = False) -> PageNetwork:
    """Put what :func:`save_network` wrote onto a fresh network over the packaged encoder.

    :param grown: the network may have heads that the file has not; they stay as they are.
    :raises CorruptArtifactError: the file does not fit the network.
    """
    tensors = read_tensors(path)
    state = network.state_dict()
    for name, own in state.items():
        if name.startswith("encoder.embeddings."):
            continue
        if grown and name not in tensors and not name.startswith("encoder."):
            continue
        if name not in tensors or tensors[name].shape != tuple(own.shape):
            raise CorruptArtifactError(
                f"{path} does not fit the encoder: run `git checkout {path}`"
            )
        value = tensors[name].astype(np.float32)
        if name + SCALE in tensors:
            value = value * tensors[name + SCALE]
        learned = torch.from_numpy(value)
        state[name] = own + learned if name.startswith("encoder.") else learned
    network.load_state_dict(state)
    network.eval()
    return network
