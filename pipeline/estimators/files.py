"""Plain estimators on disk: safetensors files, read without scikit-learn; equal ones are equal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import CorruptArtifactError
from pipeline.estimators.blend import Blend
from pipeline.estimators.linear import Array, Linear
from pipeline.estimators.plain import Estimator
from pipeline.estimators.trees import Trees
from pipeline.store.tensors import read_tensors, write_tensors

DEPTH = "depth"


def save_estimator(path: Path, estimator: Estimator | None) -> None:
    """Write an estimator, or that there is none."""
    write_tensors(path, {} if estimator is None else _arrays(estimator))


def load_estimator(path: Path, command: str = "make repro") -> Any:
    """Read what :func:`save_estimator` wrote.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: it holds no estimator.
    """
    arrays = read_tensors(path, command)
    try:
        return _estimator(arrays) if arrays else None
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptArtifactError(
            f"{path} is not a model of this pipeline: run `{command}`"
        ) from error


def _arrays(estimator: Estimator) -> dict[str, Array]:
    if isinstance(estimator, Blend):
        parts = {"trees": _arrays(estimator.trees), "line": _arrays(estimator.line)}
        named = {
            f"{part}.{name}": value for part, own in parts.items() for name, value in own.items()
        }
        return {**named, "share": estimator.share}
    fields = {k: v for k, v in estimator._asdict().items() if v is not None}
    classes = fields.pop("classes_")
    if classes.dtype.kind in "OU":
        listed = json.dumps([str(name) for name in classes]).encode()
        fields["names"] = np.frombuffer(listed, dtype=np.uint8)
    else:
        fields["classes"] = classes
    if DEPTH in fields:
        fields[DEPTH] = np.array([fields[DEPTH]])
    return fields


def _estimator(arrays: dict[str, Array]) -> Estimator:
    if "share" in arrays:
        trees, line = (
            {k.removeprefix(part): v for k, v in arrays.items() if k.startswith(part)}
            for part in ("trees.", "line.")
        )
        return Blend(Trees(**_fields(trees)), Linear(**_fields(line)), arrays["share"])
    fields = _fields(arrays)
    return Trees(**fields) if "roots" in arrays else Linear(**fields)


def _fields(arrays: dict[str, Array]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(arrays)
    if "names" in fields:
        fields["classes_"] = np.array(json.loads(fields.pop("names").tobytes()))
    else:
        fields["classes_"] = fields.pop("classes")
    if DEPTH in fields:
        fields[DEPTH] = int(fields[DEPTH][0])
    return fields
