"""The few metrics that stand for a run."""

from __future__ import annotations

from pipeline.habits.history import Recorded

FIGURES = (
    "segmentation/f1",
    "topic/accuracy",
    "topic/f1_macro",
    "region/country/f1",
    "region/subregion/f1",
    "end_to_end/topic_accuracy",
    "end_to_end/country_f1",
)


def key_figures(run: Recorded) -> dict[str, float | None]:
    """Return the value of each key metric by its name in MLflow; none where the run has it not."""
    return {name: run.metrics.get(name) for name in FIGURES}
