"""The few figures that DVC's tables have room for: ``reports/headline.json``."""

from __future__ import annotations

from pipeline.evaluate.measures import Section

HEADLINE = (
    *("segmentation/f1", "segmentation/pages_right", "segmentation/single_whole"),
    *("topic/accuracy", "topic/f1_macro", "region/country/f1", "region/subregion/f1"),
    *("end_to_end/topic_accuracy", "end_to_end/country_f1"),
)


def headline(metrics: Section) -> Section:
    """Choose from ``metrics.json``; what was not measured is left out.

    >>> headline({"topic": {"accuracy": 0.87, "in_set": 0.9}})
    {'topic/accuracy': 0.87}
    """
    return {name: value for name in HEADLINE if (value := _at(metrics, name)) is not None}


def _at(metrics: Section, name: str) -> float | None:
    value: object = metrics
    for key in name.split("/"):
        value = value.get(key) if isinstance(value, dict) else None
    return float(value) if isinstance(value, int | float) else None
