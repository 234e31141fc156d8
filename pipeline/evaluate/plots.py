"""Figures for the report, as PNG bytes that depend on nothing but their data.

The Agg backend is used without pyplot, so no window, style file or global state plays a part.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.evaluate.calibration import Calibration
from pipeline.evaluate.tables import Table, calibration_table

BLUE, ORANGE, GREEN, GREY = "#2f5d8a", "#d9822b", "#4f8a5b", "#8c8c8c"
DPI = 120


def confusion_figure(pairs: Sequence[tuple[str, str]]) -> bytes:
    """Draw which main topic is taken for which; rows are gold and add up to their stories."""
    names = sorted({name for pair in pairs for name in pair})
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for gold, guess in pairs:
        counts[names.index(gold), names.index(guess)] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = _canvas(9, 8)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    shown = [name or "(none)" for name in names]
    axes.set_xticks(range(len(names)), shown, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), shown)
    for row, column in zip(*np.nonzero(counts), strict=True):
        ink = "white" if shares[row, column] > 0.55 else "black"
        axes.text(
            column, row, str(counts[row, column]), ha="center", va="center", color=ink, size=8
        )
    axes.set(title="Main topic: gold against predicted", xlabel="predicted", ylabel="gold")
    figure.colorbar(image, ax=axes, label="share of the gold topic's stories", shrink=0.8)
    return _png(figure)


def calibration_figure(panels: Sequence[tuple[str, Calibration]]) -> bytes:
    """Draw reliability diagrams side by side, with ECE and Brier score: ``(what, measured)``."""
    figure = _figure(4.2 * len(panels), 4.6)
    for number, (what, measured) in enumerate(panels, start=1):
        table = calibration_table(measured)
        axes = figure.add_subplot(1, len(panels), number)
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="perfect")
        for low, high, count, _, accuracy in table.rows:
            middle, width = (float(low) + float(high)) / 2, float(high) - float(low)
            axes.bar(middle, accuracy, width=width * 0.94, color=BLUE, alpha=0.85)
            ink = "white" if float(accuracy) > 0.06 else "black"
            axes.text(middle, 0.015, str(count), ha="center", size=7, color=ink)
        points = [(row[3], row[4]) for row in table.rows]
        if points:
            axes.plot(
                *zip(*points, strict=True), "o-", color=ORANGE, markersize=4, label="measured"
            )
        title = f"{what}\nECE {measured.ece:.3f}, Brier score {measured.brier:.3f}"
        axes.set(title=title, xlabel="probability", xlim=(0, 1), ylim=(0, 1.02))
        axes.set_aspect("equal")
        axes.legend(loc="upper left", fontsize=8, frameon=False)
        if number == 1:
            axes.set_ylabel("share that came true")
    return _png(figure)


def layouts_figure(table: Table) -> bytes:
    """Draw boundary F1 and the share of pages wholly right for each layout."""
    names = [f"{row[0]}\n({row[1]} pages)" for row in table.rows]
    series = [
        (title, [_number(row[table.columns.index(column)]) for row in table.rows], colour)
        for title, column, colour in (
            ("boundary F1", "f1", BLUE),
            ("pages wholly right", "pages_right", GREEN),
        )
    ]
    return _bars("Segmentation by layout", names, series)


def labels_figure(title: str, table: Table) -> bytes:
    """Draw the F1 of each label of a label table."""
    names = [f"{row[1]} ({row[2]})" for row in table.rows]
    return _bars(title, names, [("F1", [float(row[5]) for row in table.rows], BLUE)])


def boundary_figure(table: Table) -> bytes:
    """Draw precision against recall of the boundaries over the threshold."""
    figure, axes = _canvas(6, 5)
    recall = [float(row[2]) for row in table.rows]
    precision = [float(row[1]) for row in table.rows]
    axes.plot(recall, precision, "o-", color=BLUE, markersize=3)
    axes.plot(recall[0], precision[0], "o", color=ORANGE, markersize=8, label="as decoded")
    axes.set(
        title="Story boundaries: precision and recall over the threshold",
        xlabel="recall",
        ylabel="precision",
        xlim=(0, 1.02),
        ylim=(0, 1.02),
    )
    axes.grid(color="#e4e4e4")
    axes.legend(loc="lower left", frameon=False)
    return _png(figure)


def breakdown_figure(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Draw topics and countries group by group with their intervals, a block for each breakdown."""
    blocks = [(by, rows) for by, rows in found.items() if rows]
    sizes = [len(rows) + 1 for _, rows in blocks] or [1]
    figure = _figure(10, 1.4 + 0.24 * sum(sizes))
    grid = figure.add_gridspec(len(sizes), 2, height_ratios=sizes)
    for line, (by, rows) in enumerate(blocks):
        columns = (
            ("main topic right", "topic_accuracy", "stories", BLUE),
            ("countries, F1", "country_f1", "countries", GREEN),
        )
        for column, (title, name, size, colour) in enumerate(columns):
            axes = figure.add_subplot(grid[line, column])
            told = [(at, row) for at, row in enumerate(rows) if row[name] is not None]
            places = [at for at, _ in told]
            low, high = ([row[f"{name}_{end}"] for _, row in told] for end in ("low", "high"))
            axes.hlines(places, low, high, color=colour, alpha=0.5)
            axes.plot([row[name] for _, row in told], places, "o", color=colour, markersize=4)
            shown = [f"{row['group']} ({row[size]})" for row in rows]
            axes.set_yticks(range(len(rows)), shown, size=8)
            axes.set(xlim=(0, 1.02), ylim=(len(rows) - 0.5, -0.5))
            axes.tick_params(axis="x", labelsize=8)
            axes.set_title(f"by {by}: {title}", size=9, loc="left")
            axes.grid(axis="x", color="#e4e4e4")
            axes.spines[["top", "right"]].set_visible(False)
    return _png(figure)


def coverage_figure(panels: Sequence[tuple[str, Sequence[tuple[str, Table]]]]) -> bytes:
    """Draw coverage-accuracy curves with their intervals: ``(what, [(curve, table)])`` each."""
    figure = _figure(5 * len(panels), 4)
    for number, (what, curves) in enumerate(panels, start=1):
        axes = figure.add_subplot(1, len(panels), number)
        for (name, table), colour in zip(curves, (BLUE, ORANGE, GREEN), strict=False):
            _banded(axes, table, "coverage", "accuracy", name, colour)
        axes.set(title=what, xlabel="share of the stories, the surest first", ylim=(None, 1.005))
        axes.set_ylabel("first label right")
        axes.grid(color="#e4e4e4")
        axes.legend(loc="lower left", frameon=False)
    return _png(figure)


def learning_figure(panels: Sequence[tuple[str, str, Sequence[tuple[str, Table]]]]) -> bytes:
    """Draw learning curves with their intervals: ``(what, figure, [(curve, table)])`` each."""
    figure = _figure(5 * len(panels), 4)
    for number, (what, name, curves) in enumerate(panels, start=1):
        axes = figure.add_subplot(1, len(panels), number)
        for (label, table), colour in zip(curves, (BLUE, ORANGE, GREEN), strict=False):
            _banded(axes, table, "articles", name, label, colour)
        axes.set(title=what, xlabel="articles trained on", xlim=(0, None))
        axes.grid(color="#e4e4e4")
        axes.legend(loc="lower right", frameon=False)
    return _png(figure)


def _banded(axes: Any, table: Table, x: str, y: str, label: str, colour: str) -> None:
    columns = [table.columns.index(name) for name in (x, y, f"{y}_low", f"{y}_high")]
    if not table.rows:
        return
    across, along, low, high = zip(
        *([float(row[i]) for i in columns] for row in table.rows), strict=True
    )
    axes.fill_between(across, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(across, along, "o-", color=colour, markersize=4, label=label)


def _bars(title: str, names: list[str], series: list[tuple[str, list[float], str]]) -> bytes:
    figure, axes = _canvas(9, 1.6 + 0.26 * max(len(names), 3) * (len(series) + 0.4))
    height = 0.8 / len(series)
    for number, (label, values, colour) in enumerate(series):
        places = np.arange(len(names)) + (number - (len(series) - 1) / 2) * height
        axes.barh(places, values, height=height * 0.92, color=colour, label=label)
        for place, value in zip(places, values, strict=True):
            if not math.isnan(value):
                axes.text(value + 0.008, place, f"{value:.2f}", va="center", size=8)
    axes.set_yticks(range(len(names)), names, size=9)
    axes.invert_yaxis()
    axes.set(title=title, xlim=(0, 1.1), xlabel=series[0][0] if len(series) == 1 else "")
    axes.spines[["top", "right"]].set_visible(False)
    if len(series) > 1:
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=len(series), frameon=False
        )
    return _png(figure)


def _number(cell: str | int | float) -> float:
    return math.nan if cell == "" else float(cell)


def _figure(width: float, height: float) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=DPI, layout="constrained")


def _canvas(width: float, height: float) -> tuple[Any, Any]:
    figure = _figure(width, height)
    return figure, figure.add_subplot()


def _png(figure: Any) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()
