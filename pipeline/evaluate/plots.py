"""Figures for the report, as PNG bytes that depend on nothing but their data.

The Agg backend is used without pyplot, so no window, style file or global state plays a part.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.evaluate.tables import Table

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


def calibration_figure(panels: Sequence[tuple[str, float, Table]]) -> bytes:
    """Draw reliability diagrams side by side: ``(what, ECE, calibration table)`` each."""
    figure = _figure(4.2 * len(panels), 4.6)
    for number, (what, ece, table) in enumerate(panels, start=1):
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
        axes.set(title=f"{what}\nECE {ece:.3f}", xlabel="probability", xlim=(0, 1), ylim=(0, 1.02))
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
