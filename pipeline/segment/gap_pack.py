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

    try:
        data = read_tensors(path, COMMAND)
        with safe_open(str(path), framework="numpy") as file:
            return (file.metadata() or {})["reader"], _pages(data)
    except (KeyError, OSError, ValueError) as error:
        raise CorruptArtifactError(f"{path} holds no gaps of pages: run `{COMMAND}`") from error


def _pages(data: dict[str, npt.NDArray[Any]]) -> list[GapPage]:
    _check(data)
    ends = np.concatenate([[0], np.cumsum(data["counts"], dtype=np.int64)])
    traits = {name: data[name].astype(np.float32) for name in GapTraits._fields}
    found = []
    for number, (start, end) in enumerate(pairwise(ends.tolist())):
        own = slice(start, end)
        starts = data["starts"][start + number : end + number + 1].astype(np.int_)
        if (np.diff(starts) <= 0).any():
            raise ValueError("units are out of order")
        found.append(
            GapPage(
                GapTraits(**{name: rows[own] for name, rows in traits.items()}),
                starts,
                data["cut"][own].astype(np.int_),
                data["told"][own].astype(np.bool_),
                int(data["folds"][number]),
                bool(data["single"][number]),
            )
        )
    return found


def _check(data: dict[str, npt.NDArray[Any]]) -> None:
    """Raise where arrays are of another kind, or do not go with one another."""
    whole = ("counts", "folds", "single", "starts", "cut", "told")
    if any(data[name].ndim != 1 or data[name].dtype.kind not in "iu" for name in whole):
        raise ValueError("whole numbers are none")
    pages, units = len(data["counts"]), int(data["counts"].sum())
    sizes = {"folds": pages, "single": pages, "starts": units + pages, "cut": units, "told": units}
    if (data["counts"] < 1).any() or any(len(data[name]) != n for name, n in sizes.items()):
        raise ValueError("rows are missing")
    if (data["cut"] > 1).any():
        raise ValueError("a cut is there or not")
    for name in GapTraits._fields:
        rows = data[name]
        if rows.ndim != 2 or rows.dtype.kind != "f" or len(rows) != units:
            raise ValueError("traits are no rows of numbers")
        if not np.isfinite(rows).all():
            raise ValueError("traits are no numbers")
