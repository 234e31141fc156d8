"""Adapted weights on disk: in eight bits, what training changed in weights that others have too.

Only differences are kept, so the file holds little and rounding them costs little: each row of a
matrix is scaled to 127 steps (symmetric per-channel quantisation, Jacob et al. 2018). Vectors, and
arrays that had no value before, are kept in 16 bits; what did not change is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import CorruptArtifactError
from pipeline.store.tensors import read_tensors, write_tensors

STEPS = 127
SCALE = ".scale"

Arrays = Mapping[str, npt.NDArray[Any]]


def write_differences(path: Path, state: Arrays, before: Arrays) -> None:
    """Write what differs in ``state`` from the arrays of the same name in ``before``."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, value in state.items():
        if name not in before:
            tensors[name] = value.astype(np.float16)
            continue
        change = value - before[name]
        if not change.any():
            continue
        if change.ndim == 2:
            scale = np.maximum(np.abs(change).max(axis=1, keepdims=True) / STEPS, 1e-12)
            tensors[name] = np.round(change / scale).astype(np.int8)
            tensors[name + SCALE] = scale.astype(np.float32)
        else:
            tensors[name] = change.astype(np.float16)
    write_tensors(path, tensors)


def read_differences(path: Path, before: Arrays) -> dict[str, npt.NDArray[np.float32]]:
    """Read arrays by name, what changed in those of ``before`` added to them.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: the file is none of these, or does not fit ``before``.
    """
    command = f"git checkout {path}"
    tensors = read_tensors(path, command)
    state: dict[str, npt.NDArray[np.float32]] = {}
    for name, stored in tensors.items():
        if name.endswith(SCALE):
            continue
        value = stored.astype(np.float32)
        if name + SCALE in tensors:
            value = value * tensors[name + SCALE]
        if name in before:
            if before[name].shape != value.shape:
                raise CorruptArtifactError(f"{path} does not fit the encoder: run `{command}`")
            value = before[name] + value
        state[name] = value
    return state
