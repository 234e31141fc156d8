"""The figures on real news as a page to read: ``reports/benchmark.md``. It quotes no story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.evaluate.detail_report import (
    COVERAGE,
    breakdown_report,
    confusion_report,
    coverage_report,
)
from pipeline.evaluate.markdown import bounded, share, table

Metrics = Mapping[str, Any]


def real_report(figures: Metrics) -> str:
    """Set the figures of ``reports/benchmark.json`` out as Markdown."""
    sections = [
        "# How well Broadsheet reads real news",
        "Measured on real stories beside the project, which it was not trained on and which may "
        "not be handed on: they are named by their ids alone. Brackets hold 95% bootstrap "
        "intervals.",
        "## Segmentation\n\n" + _segmentation(figures["segmentation"]),
        "## Topics and countries\n\n" + _labels(figures),
        "## End to end: from page to labelled stories\n\n" + _end_to_end(figures["end_to_end"]),
        "## Stories, by what they are\n\n" + breakdown_report(figures["stories"]),
        f"## How far the scores can be trusted\n\n{COVERAGE}\n\n"
        + coverage_report(figures["coverage"]),
        "## Main topics taken for others\n\n" + confusion_report(figures["confusions"]),
    ]
    return "\n\n".join(sections) + "\n"


def _segmentation(section: Metrics) -> str:
    rows = [
        ("pages", str(section["pages"])),
        ("boundary F1", bounded(section, "f1")),
        ("boundary precision", share(section["precision"])),
        ("boundary recall", share(section["recall"])),
        ("pages wholly right", share(section["pages_right"])),
        ("Pk (0 is perfect)", share(section["pk"])),
        ("WindowDiff (0 is perfect)", share(section["windowdiff"])),
        ("residue, F1 by characters", share(section["residue"]["f1"])),
        ("calibration error (ECE)", share(section["calibration"]["ece"])),
        ("Brier score", share(section["calibration"]["brier"])),
    ]
    layouts = [
        (name, str(own["pages"]), share(own.get("f1")), share(own["pages_right"]), share(own["pk"]))
        for name, own in section["layout"].items()
    ]
    header = ("layout", "pages", "boundary F1", "pages wholly right", "Pk")
    return table(("on gold pages", ""), rows) + "\n\n" + table(header, layouts)


def _labels(figures: Metrics) -> str:
    topic, region = figures["topic"], figures["region"]
    return table(
        ("stories as given", ""),
        [
            ("stories", str(topic["stories"])),
            ("main topic right", bounded(topic, "accuracy")),
            ("main topic among the gold ones", share(topic["in_set"])),
            ("main topic, macro-F1", bounded(topic, "f1_macro")),
            ("all topics, micro-F1", share(topic["multilabel"]["f1"])),
            ("main topic, calibration error (ECE)", share(topic["calibration"]["ece"])),
            ("main topic, Brier score", share(topic["calibration"]["brier"])),
            ("countries, micro-F1", bounded(region["country"], "f1")),
            ("first country right", share(region["country"]["first_accuracy"])),
            ("sub-regions, micro-F1", share(region["subregion"]["f1"])),
            ("countries, calibration error (ECE)", share(region["calibration"]["ece"])),
            ("countries, Brier score", share(region["calibration"]["brier"])),
        ],
    )


def _end_to_end(section: Metrics) -> str:
    columns = (section["gold_stories"], section["predicted_stories"])
    note = (
        "Against what the stories came with (their houses' sections, categories and codes), which "
        "says less than a label; the two columns show what is lost by cutting."
    )
    return f"{note}\n\n" + table(
        ("stories on pages", "given", "cut"),
        [
            ("stories with such a label", *(str(column["stories"]) for column in columns)),
            ("found", *(bounded(column, "found") for column in columns)),
            ("main topic right", *(bounded(column, "topic_accuracy") for column in columns)),
            ("stories with a country", *(str(column["placed_stories"]) for column in columns)),
            ("countries of these, F1", *(bounded(column, "country_f1") for column in columns)),
        ],
    )
