"""The figures as a page to read: ``reports/summary.md``, written from the other reports alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.evaluate.detail_report import (
    COVERAGE,
    breakdown_report,
    confusion_report,
    coverage_report,
    given_and_cut_report,
    learning_report,
)
from pipeline.evaluate.markdown import bounded, share, table

Metrics = Mapping[str, Any]


def summary(metrics: Metrics, details: Metrics, curve: Metrics) -> str:
    """Set the figures out as Markdown, in the order a reader asks.

    :param metrics: of ``reports/metrics.json``.
    :param details: of ``reports/details.json``.
    :param curve: the points of all learning curves.
    """
    pages = details["pages"]
    sections = [
        "# How well Broadsheet reads",
        "Measured on the held-out part of the corpus: its articles, and pages mixed from them. "
        "None of its stories was seen in training; the furniture around them (credits, navigation, "
        "notices) comes from the same templates. Brackets hold 95% bootstrap intervals.",
        "## End to end: from page to labelled stories\n\n" + _end_to_end(metrics),
        given_and_cut_report(pages["given"], pages["cut"]),
        "## Segmentation\n\n" + _segmentation(metrics["segmentation"]),
        "## Topics\n\n" + _topics(metrics["topic"]),
        *(
            ["## Countries and regions\n\n" + _regions(metrics["region"])]
            if "region" in metrics
            else []
        ),
        "## Articles, by what they are\n\n" + breakdown_report(details["articles"]),
        "## How far the scores can be trusted\n\n" + _confidence(details["coverage"]),
        "## Main topics taken for others\n\n" + confusion_report(details["confusions"]),
        "## How much the corpus teaches\n\n" + learning_report(curve),
    ]
    return "\n\n".join(sections) + "\n"


def _end_to_end(metrics: Metrics) -> str:
    cut, given = metrics["end_to_end"], metrics["topic"]["page_stories"]
    rows = [
        ("gold stories", str(given["stories"]), str(cut["stories"])),
        ("found (half of it or more in common)", "", bounded(cut, "found")),
        ("main topic right", bounded(given, "accuracy"), bounded(cut, "topic_accuracy")),
    ]
    if "region" in metrics:
        placed = metrics["region"]["page_stories"]
        rows += [
            ("countries, F1", bounded(placed["country"], "f1"), bounded(cut, "country_f1")),
            ("sub-regions, F1", share(placed["subregion"]["f1"]), share(cut["subregion_f1"])),
        ]
    return table(("stories on pages", "given", "cut"), rows)


def _confidence(curves: Mapping[str, Metrics]) -> str:
    articles, pages = curves["articles"], curves["page_stories"]
    return "\n\n".join(
        [
            COVERAGE,
            *(
                coverage_report(
                    {
                        f"{kind} of articles": articles[kind],
                        f"{kind} of stories on pages": pages[kind],
                    }
                )
                for kind in ("topic", "country")
            ),
        ]
    )


def _segmentation(section: Metrics) -> str:
    whole = section.get("single_whole")
    rows = [
        ("boundary F1", bounded(section, "f1")),
        ("boundary precision", share(section["precision"])),
        ("boundary recall", share(section["recall"])),
        ("pages wholly right", bounded(section, "pages_right")),
        ("single stories left whole", "none on the pages" if whole is None else share(whole)),
        ("Pk (0 is perfect)", share(section["pk"])),
        ("WindowDiff (0 is perfect)", share(section["windowdiff"])),
        ("residue, F1 by characters", share(section["residue"]["f1"])),
        ("truncated, F1", share(section["truncated_f1"])),
        ("kind right", share(section["kind_accuracy"])),
        ("calibration error (ECE)", share(section["calibration"]["ece"])),
        ("Brier score", share(section["calibration"]["brier"])),
        ("calibration error of `single`", share(section["single"]["ece"])),
    ]
    layouts = [
        (
            name,
            str(f["pages"]),
            share(f["f1"]) if "f1" in f else "no boundary",
            share(f["pages_right"]),
            share(f["pk"]),
        )
        for name, f in section["layout"].items()
    ]
    parts = [
        (role, str(f["spans"]), share(f["f1"]), share(f["f1_exact"]))
        for role, f in section["parts"].items()
    ]
    return "\n\n".join(
        [
            table(("on gold pages", ""), rows),
            table(("layout", "pages", "boundary F1", "pages wholly right", "Pk"), layouts),
            table(("part", "spans", "F1 by characters", "F1 by exact span"), parts),
        ]
    )


def _topics(section: Metrics) -> str:
    columns = (section, section["page_stories"])
    return table(
        ("", "articles", "stories on pages"),
        [
            ("stories", *(str(c["stories"]) for c in columns)),
            ("main topic right", *(bounded(c, "accuracy") for c in columns)),
            ("main topic among the gold ones", *(share(c["in_set"]) for c in columns)),
            ("main topic, macro-F1", *(bounded(c, "f1_macro") for c in columns)),
            ("all topics, micro-F1", *(share(c["multilabel"]["f1"]) for c in columns)),
            ("calibration error (ECE)", *(share(c["calibration"]["ece"]) for c in columns)),
            ("Brier score", *(share(c["calibration"]["brier"]) for c in columns)),
        ],
    )


def _regions(section: Metrics) -> str:
    columns = (section, section["page_stories"])
    return table(
        ("", "articles", "stories on pages"),
        [
            ("stories", *(str(c["stories"]) for c in columns)),
            ("countries, micro-F1", *(bounded(c["country"], "f1") for c in columns)),
            ("countries, precision", *(share(c["country"]["precision"]) for c in columns)),
            ("countries, recall", *(share(c["country"]["recall"]) for c in columns)),
            ("first country right", *(share(c["country"]["first_accuracy"]) for c in columns)),
            ("sub-regions, micro-F1", *(share(c["subregion"]["f1"]) for c in columns)),
            ("calibration error (ECE)", *(share(c["calibration"]["ece"]) for c in columns)),
            ("Brier score", *(share(c["calibration"]["brier"]) for c in columns)),
        ],
    )
