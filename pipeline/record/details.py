"""What a run has beside ``metrics.json``: by group, the learning curves, cost, the trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pipeline.store.costs import Cost
from pipeline.thresholds import Trial, best_threshold
from pipeline.tracking import Candidate

Curves = dict[str, tuple[tuple[int, float], ...]]

TRAINED_ON = {  # figures of the learning curves by their names in MLflow
    "topic/learning_curve/accuracy": ("topic", "accuracy"),
    "topic/learning_curve/f1_macro": ("topic", "f1_macro"),
    "topic/learning_curve_with_packs/accuracy": ("topic_with_packs", "accuracy"),
    "topic/learning_curve_with_packs/f1_macro": ("topic_with_packs", "f1_macro"),
    "region/learning_curve/country_f1": ("country", "f1"),
}


def group_metrics(details: Mapping[str, Any]) -> dict[str, float]:
    """Name the figures of every group of held-out articles that has any.

    The MLflow UI makes a section of what stands before the last slash.

    >>> row = {"group": "EA", "topic_accuracy": 0.9, "country_f1": None}
    >>> group_metrics({"articles": {"source": [row]}})
    {'topic/accuracy_by_source/EA': 0.9}
    """
    figures: dict[str, float] = {}
    for by, rows in details["articles"].items():
        for row in rows:
            named = {
                f"topic/accuracy_by_{by}/{row['group']}": row["topic_accuracy"],
                f"region/country_f1_by_{by}/{row['group']}": row["country_f1"],
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
            figures[f"cost/{figure}_by_stage/{stage}"] = value
    return figures


def candidates(tried: Mapping[str, Sequence[Trial]]) -> tuple[Candidate, ...]:
    """Name the thresholds that each head tried, and which it chose; one alone was no search."""
    return tuple(
        Candidate(
            name=f"{head}.min_score={trial.min_score:g}",
            params={f"{head}.min_score": trial.min_score},
            metrics={
                f"validation/{name}": value
                for name, value in msgspec.structs.asdict(trial).items()
                if name != "min_score"
            },
            chosen=trial.min_score == best_threshold(trials),
        )
        for head, trials in tried.items()
        if len(trials) > 1
        for trial in trials
    )
