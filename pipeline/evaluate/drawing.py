"""The plots of the report: their data as CSV, and their images."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from pipeline.evaluate import measures, plots, tables
from pipeline.evaluate.calibration import Calibration
from pipeline.evaluate.classification import main_pairs, set_scores
from pipeline.evaluate.findings import Findings
from pipeline.evaluate.measures import Section
from pipeline.params import EvaluateParams
from pipeline.store.atomic import write_bytes, write_text
from pipeline.store.layout import PLOTS
from pipeline.taxonomy import M49_REGIONS
from pipeline.threads import cores

Image = tuple[Callable[..., bytes], tuple[Any, ...]]  # what draws it, and from what

COVERAGE = ("coverage", "stories", "threshold", "accuracy", "accuracy_low", "accuracy_high")
TOPIC_CURVE = (
    *("share", "articles", "draws", "accuracy", "accuracy_low", "accuracy_high", "f1_macro"),
)
COUNTRY_CURVE = ("share", "articles", "draws", "f1", "f1_low", "f1_high")


def draw(
    findings: Findings, metrics: Section, details: Section, curve: Section, params: EvaluateParams
) -> None:
    """Write the data of every plot, and the plots."""
    truths, answers, _ = findings.articles
    pairs = main_pairs([truth.topics for truth in truths], [answer.topics for answer in answers])
    calibrations = _calibrations(findings, params)
    data = _data(findings, metrics, details, curve, params)
    data["confusion"] = tables.confusion_table(pairs)
    for name, (_, measured) in calibrations.items():
        data[f"calibration_{name}"] = tables.calibration_table(measured)
    for name, table in data.items():
        write_text(PLOTS / f"{name}.csv", tables.to_csv(table))
    images: dict[str, Image] = {
        "breakdown": (plots.breakdown_figure, (details["articles"],)),  # first: it takes longest
        "confusion": (plots.confusion_figure, (pairs,)),
        "calibration": (
            plots.calibration_figure,
            ([c for c in calibrations.values() if c[1].size],),
        ),
        "boundary_pr": (plots.boundary_figure, (data["boundary_pr"],)),
        "layouts": (plots.layouts_figure, (data["layouts"],)),
        "topics": (
            plots.labels_figure,
            ("Topics of held-out articles: F1 (stories)", data["topics"]),
        ),
        "coverage": (plots.coverage_figure, (_coverage_panels(data),)),
        "learning_curve": (plots.learning_figure, (_learning_panels(data),)),
    }
    if findings.placed:
        images["regions"] = (
            plots.labels_figure,
            ("Sub-regions of held-out articles: F1 (stories)", data["regions"]),
        )
    # A process a core: matplotlib is not made for threads. None is begun where it is not asked.
    with ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as pool:
        each = pool.map if cores() > 1 else map
        for name, image in zip(images, each(_drawn, images.values()), strict=True):
            write_bytes(PLOTS / f"{name}.png", image)


def _drawn(image: Image) -> bytes:
    draw_figure, arguments = image
    return draw_figure(*arguments)


def _calibrations(findings: Findings, params: EvaluateParams) -> dict[str, tuple[str, Calibration]]:
    """Title and measure what is said of boundaries, topics and countries, by their names."""
    truths, answers, _ = findings.articles
    boundaries = measures.boundary_calibration(findings.pages, findings.cuts, params)
    topics = measures.topic_calibration([truth.topics for truth in truths], answers, params)
    placed = ([t.countries for t in truths], answers) if findings.placed else ([], [])
    countries = measures.country_calibration(*placed, params)
    return {
        "boundary": ("Story boundaries", boundaries),
        "topic": ("Main topics", topics),
        "country": ("Countries", countries),
    }


def _data(
    findings: Findings, metrics: Section, details: Section, curve: Section, params: EvaluateParams
) -> dict[str, tables.Table]:
    truths, answers, _ = findings.articles
    topics = set_scores([truth.topics for truth in truths], [answer.topics for answer in answers])
    regions = set_scores([t.regions for t in truths], [answer.regions for answer in answers])
    data = {
        "boundary_pr": tables.boundary_table(findings.pages, findings.cuts, params.tolerance),
        "layouts": tables.layout_table(metrics["segmentation"]["layout"]),
        "topics": tables.label_table(topics.labels, findings.names),
        "breakdown": tables.breakdown_table(details["articles"]),
        "learning_curve_topic": tables.curve_table(curve["topic"], TOPIC_CURVE),
        "learning_curve_topic_with_packs": tables.curve_table(
            curve["topic_with_packs"], TOPIC_CURVE
        ),
        "learning_curve_country": tables.curve_table(curve["country"], COUNTRY_CURVE),
    }
    if findings.placed:
        names = {code: name for name, code in M49_REGIONS.items()}
        data["regions"] = tables.label_table(regions.labels, names)
    for name, curves in details["coverage"].items():
        for kind, rows in curves.items():
            data[f"coverage_{kind}_{name}"] = tables.curve_table(rows, COVERAGE)
    return data


def _coverage_panels(data: dict[str, tables.Table]) -> list[Any]:
    return [
        (
            title,
            [
                ("articles", data[f"coverage_{kind}_articles"]),
                ("stories on pages", data[f"coverage_{kind}_page_stories"]),
            ],
        )
        for kind, title in (("topic", "Main topic"), ("country", "First country"))
        if data[f"coverage_{kind}_articles"].rows
    ]


def _learning_panels(data: dict[str, tables.Table]) -> list[Any]:
    topic = [
        ("corpus alone", data["learning_curve_topic"]),
        ("beside feature packs", data["learning_curve_topic_with_packs"]),
    ]
    country = [("corpus alone", data["learning_curve_country"])]
    panels = [("Main topic right", "accuracy", topic), ("Countries, micro-F1", "f1", country)]
    return [panel for panel in panels if any(table.rows for _, table in panel[2])]
