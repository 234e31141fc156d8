"""What the report is made of, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report import charts
from pipeline.report.blocks import Amount, Chart, Share, bounded, shape, table
from pipeline.report.costs import duration
from pipeline.report.headline import Figure, figures
from pipeline.report.mistakes import _end, _start
from pipeline.report.svg import INKS

BIN = {"low": 0.4, "high": 0.5, "count": 12.0, "confidence": 0.45, "accuracy": 0.5}
CUT = {"threshold": 0.0, "precision": 0.9, "recall": 0.8, "f1": 0.85}
POINT = {"coverage": 0.5, "accuracy": 0.9, "accuracy_low": 0.8, "accuracy_high": 1.0}
X, Y = ("coverage", "share"), ("accuracy", "right")
ERROR = {"ece": 0.0123, "brier": 0.2}
CHARTS: Mapping[str, Callable[[str], Chart]] = {
    "reliability": lambda name: charts.reliability(name, "Topics", [BIN], ERROR),
    "precision": lambda name: charts.precision_recall(name, [CUT, {**CUT, "recall": 0.7}]),
    "curves": lambda name: charts.curves(name, "A & <b>", X, Y, {"one": [POINT] * 2, "none": []}),
    "histogram": lambda name: charts.histogram(name, "Lengths", "words", [3, 30, 31], 25),
}


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_follows_the_page(kind: str) -> None:
    svg = CHARTS[kind]("a").svg
    assert svg == CHARTS[kind]("a").svg
    assert not re.search("style=|<style|metadata|xmlns|xlink|font-family|DejaVu|date", svg)
    assert not set(re.findall("#[0-9a-f]{6}", svg)) - {"#ffffff"}
    assert {"var(--ink)", "var(--muted)", "var(--h1)"} <= set(re.findall(r"var\(--\w+\)", svg))
    assert not any(ink in svg for ink in INKS)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)]
    assert sizes and min(sizes) >= 12
    width = re.match(r'<svg class="chart" viewBox="0 0 (\d+) ', svg)
    assert width and int(width[1]) <= 390  # in points as wide as in the page
    names = re.findall(r'id="([^"]+)"', svg)
    assert all(name.startswith("a-") for name in names)
    assert set(re.findall(r"#(a-[\w-]+)", svg)) == set(names)
    assert "<text" in svg


def test_two_charts_share_no_name() -> None:
    one, other = (CHARTS["reliability"](name).svg for name in ("a", "b"))
    assert not set(re.findall(r' id="([^"]+)"', one)) & set(re.findall(r' id="([^"]+)"', other))


def test_a_title_with_markup_stays_a_title() -> None:
    assert 'aria-label="A &amp; &lt;b&gt;. one: 0.900' in CHARTS["curves"]("a").svg


def test_an_empty_curve_is_left_out() -> None:
    rows = CHARTS["curves"]("a").numbers.rows
    assert rows == (("one", "50%", Share(0.9, 0.8, 1.0, drawn=False)),) * 2


@given(st.text(), st.integers(5, 40))
def test_law_an_excerpt_is_short_and_from_the_end_it_is_taken(text: str, most: int) -> None:
    words = " ".join(text.split())
    start, end = _start(text, most), _end(text, most)
    assert max(len(start), len(end)) <= most + 2
    assert words.startswith(start.removesuffix(" …").rstrip()) or "…" in text
    assert words.endswith(end.removeprefix("… ").lstrip()) or "…" in text


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (60.0, "1 min 0 s"), (119.7, "2 min 0 s")],
)
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("before", "change"),
    [(0.9, "+0.026"), (0.9264, ""), (0.9266, "\u22120.001"), (None, ""), (0.92646, "")],
)
def test_a_change_is_one_of_the_digits_that_are_shown(before: float | None, change: str) -> None:
    assert Figure("F1", "", Share(0.92645), before).change == change


def test_what_was_not_measured_is_no_figure() -> None:
    metrics: dict[str, Any] = {"topic": {"accuracy": 0.5}}
    (only,) = figures(metrics, {"topic": {"accuracy": 0.25, "f1_macro": 1.0}})
    assert (only.share, only.before) == (Share(0.5), 0.25)


def test_few_stories_have_no_interval() -> None:
    row = {"f1": 0.5, "f1_low": 0.1, "f1_high": 0.9}
    assert bounded(row, "f1", stories=5).bounded
    assert not bounded(row, "f1", stories=4).bounded
    assert bounded({"f1": None}, "f1").value is None


def test_columns_are_set_by_what_they_hold() -> None:
    row = ("a", 3, Share(0.5), Share(0.5, drawn=False), Amount("3 s"), Amount("3 s", 0.5))
    shown = table("", [""] * 6, [row])
    assert shown.shapes == ("text", "count", "share", "figure", "amount", "share")
    assert [shape(cell) for cell in row] == list(shown.shapes)
    assert table("", ["a"], []).shapes == ("text",)
