"""The learning curves of both heads, which are measured apart and read together."""

from __future__ import annotations

from typing import Any

from pipeline.store.layout import REGION_CURVE, TOPIC_CURVE
from pipeline.store.metrics import read_metrics


def read_curves() -> dict[str, Any]:
    """Read the points of every curve, ``topic``, ``topic_with_packs`` and ``country``.

    ``pack_stories`` is how many stories the packs hold.

    :raises MissingArtifactError: a head's curves have not been measured.
    """
    return {
        **read_metrics(TOPIC_CURVE, "dvc repro learning_curve@topic"),
        **read_metrics(REGION_CURVE, "dvc repro learning_curve@region"),
    }
