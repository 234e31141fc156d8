"""The README's figures, from the files that the pipeline and the benchmark wrote.

``python -m pipeline.readme`` sets them anew between their marks; a test holds the README
to the reports. The comparison with other tools is set only where it has been run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import BroadsheetError
from pipeline.evaluate.markdown import bounded, share, table
from pipeline.stage import run_stage
from pipeline.store.atomic import write_text
from pipeline.store.layout import (
    BENCHMARK,
    COMPARISON,
    LABELS_COMPARISON,
    METRICS,
    SECTIONS_CARD,
)
from pipeline.store.metrics import read_metrics

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
COMPARED = ("<!-- segmentation benchmark: begin -->", "<!-- segmentation benchmark: end -->")
LABELLED = ("<!-- classification benchmark: begin -->", "<!-- classification benchmark: end -->")
SECTIONED = ("<!-- sections: begin -->", "<!-- sections: end -->")
KINDS = {
    "lines": "an encyclopedia's articles, a sentence a line",
    "run": "the same in one line",
    "paragraphs": "the same in paragraphs",
    "headed": "the same with their headings",
    "mixed": "newspaper articles joined",
}
STAR = " \\*"  # an asterisk that Markdown leaves alone
NO_CUT = "none"  # the method whose F1 is always 0
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
    measured = table(
        ("", "held-out corpus", "real news"),
        [(name, _cell(held_out, path), _cell(real, path)) for name, path in rows],
    )
    layouts = table(
        ("real pages, by layout", "boundary F1", "pages wholly right"),
        [
            (name, share(own["f1"]) if "f1" in own else "nothing to cut", share(own["pages_right"]))
            for name, own in real["segmentation"]["layout"].items()
        ],
    )
    return f"{measured}\n\n{layouts}"


def _cell(metrics: Mapping[str, Any], path: tuple[str, ...]) -> str:
    section: Any = metrics
    for key in path[:-1]:
        section = section[key]
    name = path[-1]
    return bounded(section, name) if f"{name}_low" in section else share(section[name])


def comparison_table(comparison: Mapping[str, Any]) -> str:
    """Set boundary F1 out by set and tool, the best of a row in bold.

    :param comparison: of ``reports/segmentation_benchmark.json``.
    """
    sets = comparison["sets"]
    columns = _better_variants(comparison)
    rows = [
        (
            f"`{each['name']}`{'' if each['unseen'] else STAR}",
            *_best_in_bold([each["methods"][method["name"]]["f1"] for method in columns]),
        )
        for each in sets
    ]
    compared = table(("boundary F1", *(method["tool"] for method in columns)), rows)
    wanted = comparison["documents"]
    size = f"Up to {wanted} documents of a set, evenly spaced" if wanted else "All documents"
    note = (
        f"{size}. Each tool as it does better on the whole: with line breaks counted as sentence "
        "ends, or without."
    )
    if not all(each["unseen"] for each in sets):
        note += f"{STAR} Other stories of some of its sources were seen in training, none of these."
    return f"{compared}\n\n{note}"


def labels_table(comparison: Mapping[str, Any]) -> str:
    """Set topics and countries out by set and method, the best of a row in bold.

    Not every method is run on every set: what only learns is not where nothing may be learned.

    :param comparison: of ``reports/classification_benchmark.json``.
    """
    parts = (
        ("main topic right", "accuracy", comparison["topics"]),
        ("countries, micro-F1", "f1", comparison["places"]),
    )
    tables = []
    for title, key, rows in parts:
        methods = sorted({name for row in rows for name in row["methods"]})
        found = [
            (
                f"`{row['name']}`",
                *_best_in_bold([row["methods"].get(name, {}).get(key) for name in methods]),
            )
            for row in rows
        ]
        tables.append(table((title, *methods), found))
    return "\n\n".join(tables)


def sections_table(card: Mapping[str, Any]) -> str:
    """Set out how well sections are found in texts that were not met.

    :param card: of ``data/sections/card.json``.
    """
    columns = ("f1", "precision", "recall")
    found = card["out_of_fold"]
    rows = [(what, *(share(found[kind][own]) for own in columns)) for kind, what in KINDS.items()]
    return table(("sections of", "boundary F1", "precision", "recall"), rows)


def _best_in_bold(values: Sequence[float | None]) -> list[str]:
    """Print the figures of a row, those that print like the best in bold; a dash for none."""
    cells = ["–" if value is None else share(value) for value in values]
    best = max(cell for cell in cells if cell != "–")
    return [f"**{cell}**" if cell == best else cell for cell in cells]


def _better_variants(comparison: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Choose for each tool the method with the highest mean F1 over the sets."""
    best: dict[str, tuple[float, Mapping[str, Any]]] = {}
    for method in comparison["methods"]:
        if not method["run"] or method["name"] == NO_CUT:
            continue
        mean = sum(each["methods"][method["name"]]["f1"] for each in comparison["sets"])
        if method["tool"] not in best or mean > best[method["tool"]][0]:
            best[method["tool"]] = (mean, method)
    return [method for _, method in best.values()]


def with_figures(
    text: str, table: str, marks: tuple[str, str] = (BEGIN, END), document: Path = README
) -> str:
    """Put ``table`` between the marks in the text of a document.

    :raises BroadsheetError: a mark is missing.
    """
    head, begin, rest = text.partition(marks[0])
    _, end, tail = rest.partition(marks[1])
    if not (begin and end):
        raise BroadsheetError(
            f"{document} lacks the marks {marks[0]} and {marks[1]}: put them back"
        )
    return f"{head}{begin}\n{table}\n{end}{tail}"


def main() -> None:
    """Rewrite the README's figures."""
    readme = README.read_text(encoding="utf-8")
    table = figures(read_metrics(METRICS), read_metrics(BENCHMARK, "make bench"))
    readme = with_figures(readme, table)
    readme = with_figures(readme, sections_table(read_metrics(SECTIONS_CARD)), SECTIONED)
    if COMPARISON.is_file():
        readme = with_figures(readme, comparison_table(read_metrics(COMPARISON)), COMPARED)
    if LABELS_COMPARISON.is_file():
        readme = with_figures(readme, labels_table(read_metrics(LABELS_COMPARISON)), LABELLED)
    write_text(README, readme)


if __name__ == "__main__":
    run_stage("readme", main)
