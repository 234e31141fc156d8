"""Named arrays in one safetensors file: no pickle, byte-stable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import CorruptArtifactError
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require


def write_tensors(path: Path, tensors: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays by name."""
    from safetensors.numpy import save

    write_bytes(path, save({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}))


def read_tensors(path: Path, command: str = "make repro") -> dict[str, npt.NDArray[Any]]:
    """Read arrays by name.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: it is not a safetensors file.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        loaded: dict[str, npt.NDArray[Any]] = load(require(path, command).read_bytes())
    except SafetensorError as error:
        raise CorruptArtifactError(f"{path} is no safetensors file: run `{command}`") from error
    return loaded
