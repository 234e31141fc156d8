"""Metrics as JSON: nested names, sorted, rounded to six digits, so that equal runs are equal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.store.atomic import write_text
from pipeline.store.layout import require


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, float):
        return round(value, 6)
    if hasattr(value, "item"):
        return _rounded(value.item())
    return value


def write_metrics(path: Path, metrics: Mapping[str, Any]) -> None:
    """Write ``metrics`` as indented JSON, keys sorted."""
    text = json.dumps(_rounded(metrics), indent=2, sort_keys=True, ensure_ascii=False)
    write_text(path, text + "\n")


def read_metrics(path: Path, command: str = "make repro") -> dict[str, Any]:
    """Read what :func:`write_metrics` wrote.

    :raises MissingArtifactError: no such file.
    """
    loaded: dict[str, Any] = json.loads(require(path, command).read_text(encoding="utf-8"))
    return loaded


def flatten(metrics: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Name every number by its path: ``{"topic": {"f1_macro": .7}}`` is ``topic/f1_macro``."""
    flat: dict[str, float] = {}
    for key, value in metrics.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{name}/"))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            flat[name] = float(value)
    return flat
