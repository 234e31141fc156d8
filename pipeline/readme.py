"""The README's figures, from the files that the pipeline and the benchmark wrote.

``python -m pipeline.readme`` sets them anew between two marks; a test holds the README
to the reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import BroadsheetError
from pipeline.stage import run_stage
from pipeline.store.atomic import write_text
from pipeline.store.layout import BENCHMARK, METRICS
from pipeline.store.metrics import read_metrics

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
README = Path("README.md")


def figures(held_out: Mapping[str, Any], real: Mapping[str, Any]) -> str:
    """Set the headline figures out as a Markdown table.

    :param held_out: of ``reports/metrics.json``.
    :param real: of ``reports/benchmark.json``.
    """
    rows = [
        ("boundary F1", ("segmentation", "f1")),
        ("pages wholly right", ("segmentation", "pages_right")),
        ("single stories left whole", ("segmentation", "single_whole")),
        ("main topic right", ("topic", "accuracy")),
        ("main topic, macro-F1", ("topic", "f1_macro")),
        ("countries, micro-F1", ("region", "country", "f1")),
    ]
    table = ["| | held-out corpus | real news |", "| --- | ---: | ---: |"]
    table += [f"| {name} | {_cell(held_out, path)} | {_cell(real, path)} |" for name, path in rows]
    layouts = [
        "| real pages, by layout | boundary F1 | pages wholly right |",
        "| --- | ---: | ---: |",
    ]
    for name, layout in real["segmentation"]["layout"].items():
        f1 = f"{layout['f1']:.3f}" if "f1" in layout else "nothing to cut"
        layouts.append(f"| {name} | {f1} | {layout['pages_right']:.3f} |")
    return "\n".join([*table, "", *layouts])


def _cell(metrics: Mapping[str, Any], path: tuple[str, ...]) -> str:
    section: Any = metrics
    for key in path[:-1]:
        section = section[key]
    value = f"{section[path[-1]]:.3f}"
    low, high = section.get(f"{path[-1]}_low"), section.get(f"{path[-1]}_high")
    return value if low is None else f"{value} [{low:.3f}, {high:.3f}]"


def with_figures(readme: str, table: str) -> str:
    """Put ``table`` between the marks.

    :raises BroadsheetError: a mark is missing.
    """
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise BroadsheetError(f"{README} lacks the marks {BEGIN} and {END}: put them back")
    return f"{head}{BEGIN}\n{table}\n{END}{tail}"


def main() -> None:
    """Rewrite the README's figures."""
    table = figures(read_metrics(METRICS), read_metrics(BENCHMARK, "make bench"))
    write_text(README, with_figures(README.read_text(encoding="utf-8"), table))


if __name__ == "__main__":
    run_stage("readme", main)
