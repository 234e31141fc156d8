"""Gaps of pages on disk, in one safetensors file: what the boundary model learns from, no text.

Traits are kept in 16 bits. What a gap's row is joined from is kept, not the row, which holds most
of it several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import CorruptArtifactError
from pipeline.segment.features import GapTraits
from pipeline.segment.lessons import GapPage
from pipeline.store.atomic import write_bytes
from pipeline.store.tensors import read_tensors

COMMAND = "git checkout data/gaps"


def write_gaps(path: Path, pages: Sequence[GapPage], reader: str) -> None:
    """Write pages in order.

    :param reader: the fingerprint of the weights that read them, however they were rounded.
    """
    from safetensors.numpy import save

    data: dict[str, npt.NDArray[Any]] = {
        name: np.concatenate([getattr(page.traits, name) for page in pages]).astype(np.float16)
        for name in GapTraits._fields
    }
    data["starts"] = np.concatenate([page.starts for page in pages]).astype(np.int32)
    data["cut"] = np.concatenate([page.cut for page in pages]).astype(np.uint8)
    data["told"] = np.concatenate([page.told for page in pages]).astype(np.uint8)
    data["counts"] = np.array([len(page.cut) for page in pages], dtype=np.int32)
    data["folds"] = np.array([page.fold for page in pages], dtype=np.uint8)
    data["single"] = np.array([page.single for page in pages], dtype=np.uint8)
    ordered = {name: np.ascontiguousarray(data[name]) for name in sorted(data)}
    write_bytes(path, save(ordered, metadata={"reader": reader}))


def read_gaps(path: Path) -> tuple[str, list[GapPage]]:
    """Read what :func:`write_gaps` wrote: the reader's fingerprint, and the pages.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: it is none of this pipeline's.
    """
    from safetensors import safe_open

    data = read_tensors(path, COMMAND)
    try:
        with safe_open(str(path), framework="numpy") as file:
            return (file.metadata() or {})["reader"], _pages(data)
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptArtifactError(f"{path} holds no gaps of pages: run `{COMMAND}`") from error


def _pages(data: dict[str, npt.NDArray[Any]]) -> list[GapPage]:
    counts = data["counts"].astype(np.int64)
    ends = np.concatenate([[0], np.cumsum(counts)])
    names = (*GapTraits._fields, "cut", "told")
    if any(len(data[name]) != ends[-1] for name in names) or len(data["starts"]) != (
        ends[-1] + len(counts)
    ):
        raise ValueError("rows are missing")
    traits = {name: data[name].astype(np.float32) for name in GapTraits._fields}
    found = []
    for number, (start, end) in enumerate(pairwise(ends.tolist())):
        own = slice(start, end)
        found.append(
            GapPage(
                GapTraits(**{name: rows[own] for name, rows in traits.items()}),
                data["starts"][start + number : end + number + 1].astype(np.int_),
                data["cut"][own].astype(np.int_),
                data["told"][own].astype(np.bool_),
                int(data["folds"][number]),
                bool(data["single"][number]),
            )
        )
    return found
