"""Learning curves as the stage leaves them, one file a head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.store import layout
from pipeline.store.metrics import write_metrics


def write_curves(curve: Mapping[str, Any]) -> None:
    """Write what :func:`pipeline.store.curves.read_curves` reads."""
    write_metrics(layout.TOPIC_CURVE, {k: v for k, v in curve.items() if k != "country"})
    write_metrics(layout.REGION_CURVE, {"country": curve["country"]})
