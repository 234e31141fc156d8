"""The table of words on disk: one NumPy array, so that it can be mapped into memory."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import CorruptArtifactError
from pipeline.serving.card import COMMAND
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require

Floats = npt.NDArray[np.float32]


def write_words(path: Path, words: Floats) -> None:
    """Write a row for every token of the vocabulary, shape (v, d)."""
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(words), allow_pickle=False)
    write_bytes(path, buffer.getvalue())


def map_words(path: Path) -> Floats:
    """Map what :func:`write_words` wrote: only the rows that are looked up are read.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: it is no such table.
    """
    try:
        words: Floats = np.load(require(path, COMMAND), mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise CorruptArtifactError(f"{path} is no table of words: run `{COMMAND}`") from error
    return words
