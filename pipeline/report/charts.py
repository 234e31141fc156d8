"""The curves of the report, drawn by matplotlib without a window or a style of its own.

Charts are narrow, so that they can be read on a telephone: 380 or 270 points, as wide in the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.report.blocks import Chart, Share, Table, table
from pipeline.report.svg import BLUE, GREEN, INK, MUTED, ORANGE, RULE, to_svg

Rows = Sequence[Mapping[str, Any]]

WIDE, SMALL = (380, 270), (270, 270)  # points
SIZE = 12  # of all text
LINES = ((BLUE, "-"), (ORANGE, "--"), (GREEN, ":"))


def reliability(name: str, what: str, rows: Rows, error: Mapping[str, Any]) -> Chart:
    """Draw how often scores come true, bin by bin: on the diagonal they are probabilities.

    :param rows: of a calibration table; at least one.
    """
    figure, axes = _canvas(SMALL)
    axes.plot([0, 1], [0, 1], color=MUTED, linestyle="--", linewidth=1)
    for row in rows:
        middle, width = (row["low"] + row["high"]) / 2, row["high"] - row["low"]
        axes.bar(middle, row["accuracy"], width=width * 0.9, color=BLUE, alpha=0.22, linewidth=0)
    points = [[row[key] for row in rows] for key in ("confidence", "accuracy")]
    axes.plot(*points, "o-", color=BLUE, markersize=5, linewidth=1.5)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="score", ylabel="share that came true")
    ece, brier = error["ece"], error["brier"]
    says = (
        f"{what}: calibration curve over {sum(row['count'] for row in rows):,} decisions. "
        f"Expected calibration error {ece:.3f}, Brier score {brier:.3f}."
    )
    numbers = table(
        f"{what}: scores and what came true",
        ("scores", "decisions", "mean score", "came true"),
        [
            (
                f"{row['low']:.1f}–{row['high']:.1f}",
                int(row["count"]),
                Share(row["confidence"], drawn=False),
                Share(row["accuracy"], drawn=False),
            )
            for row in rows
        ],
    )
    return Chart(f"{what}: ECE {ece:.3f}", says, to_svg(figure, name, says), numbers)


def precision_recall(name: str, rows: Rows) -> Chart:
    """Draw precision over recall of the boundaries as ever surer cuts are asked for."""
    figure, axes = _canvas(WIDE)
    axes.plot(*_columns(rows, "recall", "precision"), "-", color=BLUE, linewidth=1.75)
    axes.plot(rows[0]["recall"], rows[0]["precision"], "o", color=ORANGE, markersize=8)
    axes.annotate(
        "as decoded ",
        (rows[0]["recall"], rows[0]["precision"]),
        xytext=(-6, -18),
        textcoords="offset points",
        ha="right",
        color=INK,
        size=SIZE,
    )
    lows = (min(row[key] for row in rows) for key in ("recall", "precision"))
    across, along = ((max(0.0, low - 0.1), 1.005) for low in lows)
    axes.set(xlim=across, ylim=along, xlabel="recall", ylabel="precision")
    first, last = rows[0], rows[-1]
    says = (
        f"Precision of the boundaries over their recall: {first['precision']:.3f} at recall "
        f"{first['recall']:.3f} as decoded, {last['precision']:.3f} at {last['recall']:.3f} where "
        "only the surest cuts are kept."
    )
    numbers = table(
        "Boundaries from a threshold on",
        ("threshold", "precision", "recall", "F1"),
        [
            (
                f"{row['threshold']:.2f}",
                *(Share(row[key], drawn=False) for key in ("precision", "recall", "f1")),
            )
            for row in rows[::5]
        ],
    )
    title = "Boundaries: precision over recall"
    return Chart(title, says, to_svg(figure, name, says), numbers)


def curves(
    name: str, title: str, x: tuple[str, str], y: tuple[str, str], found: Mapping[str, Rows]
) -> Chart:
    """Draw one line a curve, with its interval as a band.

    :param x: the column across, and what it is called; so ``y`` along, with ``_low``, ``_high``.
    :param found: rows by the name of their curve; at least one curve has rows.
    """
    figure, axes = _canvas(WIDE)
    drawn = {curve: rows for curve, rows in found.items() if rows}
    for (curve, rows), (colour, line) in zip(drawn.items(), LINES, strict=False):
        across, along = _columns(rows, x[0], y[0])
        bounds = _columns(rows, f"{y[0]}_low", f"{y[0]}_high")
        axes.fill_between(across, *bounds, color=colour, alpha=0.16, linewidth=0)
        axes.plot(
            across, along, f"o{line}", color=colour, markersize=4, linewidth=1.75, label=curve
        )
    lowest = min(row[f"{y[0]}_low"] for rows in drawn.values() for row in rows)
    axes.set(xlabel=x[1], ylabel=y[1], ylim=(max(0.0, lowest - 0.15), 1.01))
    axes.legend(loc="lower right" if x[0] == "articles" else "lower left", **_LEGEND)
    return Chart(
        title,
        says := f"{title}. " + " ".join(_said(*curve, x[0], y[0]) for curve in drawn.items()),
        to_svg(figure, name, says),
        _points(title, drawn, x, y),
    )


def histogram(name: str, title: str, what: str, values: Sequence[int], step: int) -> Chart:
    """Draw how many values fall in each band of ``step``."""
    figure, axes = _canvas(WIDE)
    bands = range(0, max(values) // step + 1)
    counts = [sum(value // step == band for value in values) for band in bands]
    axes.bar([(band + 0.5) * step for band in bands], counts, width=step * 0.9, color=BLUE)
    axes.set(xlabel=what, ylabel="stories", xlim=(0, None))
    ordered = sorted(values)
    says = (
        f"{title}: from {ordered[0]} to {ordered[-1]} {what}, median {ordered[len(ordered) // 2]}."
    )
    numbers = table(
        title,
        (what, "stories"),
        [(f"{i * step}–{i * step + step - 1}", n) for i, n in zip(bands, counts, strict=True) if n],
    )
    return Chart(title, says, to_svg(figure, name, says), numbers)


_LEGEND = {"frameon": False, "fontsize": SIZE, "labelcolor": INK, "handlelength": 2.4}


def _said(curve: str, rows: Rows, x: str, y: str) -> str:
    first, last = rows[0], rows[-1]
    return f"{curve}: {first[y]:.3f} at {_printed(first[x])}, {last[y]:.3f} at {_printed(last[x])}."


def _printed(value: float) -> str:
    return f"{value:,.0f}" if value > 1 else f"{value:.0%}"


def _points(title: str, found: Mapping[str, Rows], x: tuple[str, str], y: tuple[str, str]) -> Table:
    low, high = f"{y[0]}_low", f"{y[0]}_high"
    return table(
        title,
        ("curve", x[1], y[1]),
        [
            (curve, _printed(row[x[0]]), Share(row[y[0]], row[low], row[high], drawn=False))
            for curve, rows in found.items()
            for row in rows
        ],
    )


def _columns(rows: Rows, *names: str) -> list[list[float]]:
    return [[float(row[name]) for row in rows] for name in names]


def _canvas(size: tuple[int, int]) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(size[0] / 72, size[1] / 72), dpi=72, layout="constrained")
    figure.patch.set_visible(False)
    axes = figure.add_subplot()
    axes.patch.set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(color=RULE, linewidth=0.8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    axes.tick_params(colors=RULE, labelcolor=MUTED, labelsize=SIZE, length=0, pad=5)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set(color=INK, size=SIZE)
    return figure, axes
