"""Figures of a run beside ``metrics.json``: by group, along the learning curve, and the cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from pipeline.store.costs import Cost

Curves = dict[str, tuple[tuple[int, float], ...]]

TRAINED_ON = {  # figures of the learning curve by their names in MLflow
    "topic/learning_curve/accuracy": ("topic", "accuracy"),
    "topic/learning_curve/f1_macro": ("topic", "f1_macro"),
    "topic/learning_curve_with_packs/accuracy": ("topic_with_packs", "accuracy"),
    "topic/learning_curve_with_packs/f1_macro": ("topic_with_packs", "f1_macro"),
    "region/learning_curve/country_f1": ("country", "f1"),
}


def group_metrics(details: Mapping[str, Any]) -> dict[str, float]:
    """Name the figures of every group of held-out articles that has any.

    >>> row = {"group": "EA", "topic_accuracy": 0.9, "country_f1": None}
    >>> group_metrics({"articles": {"source": [row]}})
    {'topic/by_source/EA/accuracy': 0.9}
    """
    figures: dict[str, float] = {}
    for by, rows in details["articles"].items():
        for row in rows:
            named = {
                f"topic/by_{by}/{row['group']}/accuracy": row["topic_accuracy"],
                f"region/by_{by}/{row['group']}/country_f1": row["country_f1"],
            }
            figures.update({name: value for name, value in named.items() if value is not None})
    return figures


def learning_curves(curve: Mapping[str, Any]) -> Curves:
    """Set each figure of the learning curve against the number of articles trained on."""
    return {
        name: tuple((row["articles"], row[figure]) for row in curve[part])
        for name, (part, figure) in TRAINED_ON.items()
        if curve[part]
    }


def cost_metrics(costs: Mapping[str, Cost]) -> dict[str, float]:
    """Name what each stage cost, and what all of them did: times add up, memory is the largest.

    >>> cost_metrics({"mix": Cost(2.0, 3.0, 90.0), "embed": Cost(5.0, 9.0, 700.0)})["cost/seconds"]
    7.0
    """
    every = list(costs.values())
    whole = Cost(
        seconds=sum(cost.seconds for cost in every),
        cpu_seconds=sum(cost.cpu_seconds for cost in every),
        peak_memory_mb=max((cost.peak_memory_mb for cost in every), default=0.0),
    )
    figures = {f"cost/{figure}": value for figure, value in msgspec.structs.asdict(whole).items()}
    for stage, cost in costs.items():
        for figure, value in msgspec.structs.asdict(cost).items():
            figures[f"cost/{stage}/{figure}"] = value
    return figures
