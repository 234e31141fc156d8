"""The figures as a page to read: ``reports/summary.md``, written from the metrics alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Metrics = Mapping[str, Any]


def summary(metrics: Metrics) -> str:
    """Set the metrics out as Markdown, in the order a reader asks."""
    sections = [
        "# How well Broadsheet reads",
        "Measured on the held-out part of the corpus: its articles, and pages mixed from them. "
        "None of its stories was seen in training; the furniture around them (credits, navigation, "
        "notices) comes from the same templates. Brackets hold 95% bootstrap intervals.",
        "## End to end: from page to labelled stories\n\n" + _end_to_end(metrics["end_to_end"]),
        "## Segmentation\n\n" + _segmentation(metrics["segmentation"]),
        "## Topics\n\n" + _topics(metrics["topic"]),
    ]
    if "region" in metrics:
        sections.append("## Countries and regions\n\n" + _regions(metrics["region"]))
    return "\n\n".join(sections) + "\n"


def _end_to_end(section: Metrics) -> str:
    rows = [
        ("stories", str(section["stories"])),
        ("found (half of it or more in common)", _bounded(section, "found")),
        ("main topic right", _bounded(section, "topic_accuracy")),
    ]
    if "country_f1" in section:
        rows += [
            ("countries, F1", _bounded(section, "country_f1")),
            ("sub-regions, F1", _share(section["subregion_f1"])),
        ]
    return _table(("of all gold stories", ""), rows)


def _segmentation(section: Metrics) -> str:
    whole = section.get("single_whole")
    rows = [
        ("boundary F1", _bounded(section, "f1")),
        ("boundary precision", _share(section["precision"])),
        ("boundary recall", _share(section["recall"])),
        ("pages wholly right", _share(section["pages_right"])),
        ("single stories left whole", "none on the pages" if whole is None else _share(whole)),
        ("Pk (0 is perfect)", _share(section["pk"])),
        ("WindowDiff (0 is perfect)", _share(section["windowdiff"])),
        ("residue, F1 by characters", _share(section["residue"]["f1"])),
        ("truncated, F1", _share(section["truncated_f1"])),
        ("kind right", _share(section["kind_accuracy"])),
        ("calibration error (ECE)", _share(section["calibration"]["ece"])),
        ("calibration error of `single`", _share(section["single"]["ece"])),
    ]
    layouts = [
        (
            name,
            str(f["pages"]),
            _share(f["f1"]) if "f1" in f else "no boundary",
            _share(f["pages_right"]),
            _share(f["pk"]),
        )
        for name, f in section["layout"].items()
    ]
    parts = [
        (role, str(f["spans"]), _share(f["f1"]), _share(f["f1_exact"]))
        for role, f in section["parts"].items()
    ]
    return "\n\n".join(
        [
            _table(("on gold pages", ""), rows),
            _table(("layout", "pages", "boundary F1", "pages wholly right", "Pk"), layouts),
            _table(("part", "spans", "F1 by characters", "F1 by exact span"), parts),
        ]
    )


def _topics(section: Metrics) -> str:
    columns = (section, section["page_stories"])
    return _table(
        ("", "articles", "stories on pages"),
        [
            ("stories", *(str(c["stories"]) for c in columns)),
            ("main topic right", *(_bounded(c, "accuracy") for c in columns)),
            ("main topic among the gold ones", *(_share(c["in_set"]) for c in columns)),
            ("main topic, macro-F1", *(_bounded(c, "f1_macro") for c in columns)),
            ("all topics, micro-F1", *(_share(c["multilabel"]["f1"]) for c in columns)),
            ("calibration error (ECE)", *(_share(c["calibration"]["ece"]) for c in columns)),
        ],
    )


def _regions(section: Metrics) -> str:
    columns = (section, section["page_stories"])
    return _table(
        ("", "articles", "stories on pages"),
        [
            ("stories", *(str(c["stories"]) for c in columns)),
            ("countries, micro-F1", *(_bounded(c["country"], "f1") for c in columns)),
            ("countries, precision", *(_share(c["country"]["precision"]) for c in columns)),
            ("countries, recall", *(_share(c["country"]["recall"]) for c in columns)),
            ("first country right", *(_share(c["country"]["first_accuracy"]) for c in columns)),
            ("sub-regions, micro-F1", *(_share(c["subregion"]["f1"]) for c in columns)),
            ("calibration error (ECE)", *(_share(c["calibration"]["ece"]) for c in columns)),
        ],
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in header[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))


def _share(value: float) -> str:
    return f"{value:.3f}"


def _bounded(section: Metrics, name: str) -> str:
    low, high = section[f"{name}_low"], section[f"{name}_high"]
    return f"{section[name]:.3f} [{low:.3f}, {high:.3f}]"
