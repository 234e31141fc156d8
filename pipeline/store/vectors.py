"""Vectors by the hash of their text, in one safetensors file: no text, byte-stable."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from pipeline.errors import CorruptArtifactError
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require

Vectors = npt.NDArray[np.float32]


def write_vectors(path: Path, vectors: dict[bytes, Vectors], fingerprint: str) -> None:
    """Write vectors, each of shape (d,), sorted by key, with the encoder's fingerprint."""
    from safetensors.numpy import save

    keys = sorted(vectors)
    table = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), 32).copy()
    width = len(vectors[keys[0]]) if keys else 0
    rows = np.stack([vectors[key] for key in keys]) if keys else np.zeros((0, width), np.float32)
    data = save({"keys": table, "vectors": rows}, metadata={"encoder": fingerprint})
    write_bytes(path, data)


def read_vectors(path: Path, fingerprint: str, command: str = "make repro") -> dict[bytes, Vectors]:
    """Read vectors by key.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: another encoder wrote them, or it is no file of vectors.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(require(path, command)), framework="numpy") as file:
            found = (file.metadata() or {}).get("encoder")
            if found != fingerprint:
                raise CorruptArtifactError(
                    f"{path} holds vectors of encoder {found}, not {fingerprint}: run `{command}`"
                )
            keys = cast(npt.NDArray[np.uint8], file.get_tensor("keys"))
            rows = cast(Vectors, file.get_tensor("vectors"))
    except SafetensorError as error:
        raise CorruptArtifactError(f"{path} is no file of vectors: run `{command}`") from error
    return dict(zip(map(bytes, keys), rows, strict=True))
