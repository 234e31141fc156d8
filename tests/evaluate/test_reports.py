"""Tables of the reports: what they show, and what they must not."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.detail_report import (
    breakdown_report,
    confusion_report,
    coverage_report,
    given_and_cut_report,
    learning_report,
)
from pipeline.evaluate.markdown import plain, table

EXAMPLE = {"id": "EA-1", "score": 0.62, "gold_score": 0.31}
PAIR: dict[str, Any] = {
    "gold": "politics",
    "predicted": "conflict",
    "stories": 4,
    "further": 1,
    "examples": [EXAMPLE],
}


def row(group: str, accuracy: float | None, f1: float | None, stories: int = 30) -> dict[str, Any]:
    ends = {f"{name}_{end}": value for name, value in (
        ("topic_accuracy", accuracy), ("country_f1", f1)
    ) for end in ("low", "high")}  # fmt: skip
    figures = {"topic_accuracy": accuracy, "country_f1": f1}
    return {"group": group, "stories": stories, "countries": 2, **figures, **ends}


def test_a_breakdown_has_a_dash_where_there_is_nothing_to_measure() -> None:
    shown = breakdown_report({"source": [row("EA", 0.5, None)]})
    assert "| source | stories | main topic right | countries | countries, F1 |" in shown
    assert "| EA | 30 | 0.500 [0.500, 0.500] | 2 | – |" in shown


def test_a_few_stories_have_no_interval() -> None:
    assert "| EA | 4 | 0.500 | 2 | 1.000 |" in breakdown_report(
        {"source": [row("EA", 0.5, 1.0, 4)]}
    )


def test_given_stands_beside_cut() -> None:
    shown = given_and_cut_report(
        {"kind": [row("brief", 0.9, 0.8)]}, {"kind": [row("brief", 0.7, 0.6)]}
    )
    assert "| brief | 30 | 0.900 | 0.700 [0.700, 0.700] | 0.800 | 0.600 [0.600, 0.600] |" in shown


def test_an_example_shows_what_its_entry_holds() -> None:
    counted = {"stories": 230, "wrong": 9, "further": 1, "kinds": 5}
    bare = confusion_report({**counted, "pairs": [PAIR]})
    assert "Of 230 stories 9 have another main topic than gold" in bare
    assert "They make 5 pairs of topics; here are the 1 commonest" in bare
    assert "- EA-1, conflict 0.62, politics 0.31" in bare.splitlines()
    quoted = {**EXAMPLE, "headline": "A *vote*", "opening": "It was\nheld"}
    shown = confusion_report({**counted, "pairs": [{**PAIR, "examples": [quoted]}]})
    assert "politics 0.31: **A \\*vote\\*** It was held …" in shown
    assert confusion_report({**counted, "wrong": 0, "pairs": []}) == "No main topic is wrong."


def test_coverage_sets_curves_side_by_side() -> None:
    point = {"coverage": 0.5, "threshold": 0.8, "accuracy": 0.9}
    bounds = {"accuracy_low": 0.85, "accuracy_high": 0.95}
    shown = coverage_report({"topic": [{**point, **bounds}], "country": []})
    assert "| the surest | topic, right (from) |" in shown
    assert "| 50% | 0.900 [0.850, 0.950] (0.80) |" in shown
    assert coverage_report({"topic": []}) == "No story has a label."


def test_the_learning_curve_says_what_the_encoder_knew() -> None:
    point = {"articles": 130, "draws": 3}
    topic = {**point, "accuracy": 0.8, "accuracy_low": 0.7, "accuracy_high": 0.9, "f1_macro": 0.75}
    country = {**point, "f1": 0.9, "f1_low": 0.8, "f1_high": 1.0}
    curve = {"topic": [topic], "topic_with_packs": [], "country": [country], "pack_stories": 0}
    shown = learning_report(curve)
    assert "The encoder is the same throughout" in shown
    assert "| 130 | 0.800 [0.700, 0.900] | 0.750 | 3 |" in shown
    assert "| 130 | 0.900 [0.800, 1.000] | 3 |" in shown
    assert "feature packs:" not in shown
    both = learning_report({**curve, "topic_with_packs": [topic], "pack_stories": 7})
    assert "Beside 7 stories of feature packs:" in both


@given(st.text(), st.text())
def test_what_others_wrote_does_not_break_a_table(one: str, other: str) -> None:
    shown = table(("a", "b"), [(plain(one), plain(other))])
    head, rule, line = shown.split("\n")
    assert line.replace("\\\\", "").replace("\\|", "").count("|") == head.count("|") == 3
    assert rule == "| --- | ---: |"
