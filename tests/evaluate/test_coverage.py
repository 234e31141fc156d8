from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.answers import Answer
from pipeline.evaluate.classification import Truth, main_right
from pipeline.evaluate.coverage import SHARES, country_coverage, topic_coverage
from pipeline.params import EvaluateParams

PARAMS = EvaluateParams(tolerance=3, bootstrap=20, bins=10, examples=1, seed=1)
cases = st.lists(
    st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from("ab"), st.floats(0, 1)),
    max_size=15,
)


def topic(key: str, score: float) -> Answer:
    return Answer((key,), (), (), ((key, score),), ())


@given(cases)
def test_the_curve_ends_at_the_accuracy_and_its_threshold_falls(
    drawn: list[tuple[str, str, float]],
) -> None:
    truths = [Truth((gold,) if gold else ()) for gold, _, _ in drawn]
    answers = [topic(key, score) for _, key, score in drawn]
    rows = topic_coverage(truths, answers, PARAMS)
    right = main_right(truths, [answer.topics for answer in answers])
    assert len(rows) == (len(SHARES) if right.size else 0)
    thresholds = [row["threshold"] for row in rows]
    assert thresholds == sorted(thresholds, reverse=True)
    if rows:
        assert rows[-1]["coverage"] == 1.0
        assert rows[-1]["stories"] == right.size
        assert rows[-1]["accuracy"] == pytest.approx(right.mean())


def test_the_surest_are_answered_first() -> None:
    truths = [Truth(("a",))] * 10
    answers = [topic("a", 0.9)] * 5 + [topic("b", 0.4)] * 5
    rows = {row["coverage"]: row for row in topic_coverage(truths, answers, PARAMS)}
    assert (rows[0.5]["accuracy"], rows[0.5]["threshold"]) == (1.0, 0.9)
    assert (rows[1.0]["accuracy"], rows[1.0]["threshold"]) == (0.5, 0.4)


def test_the_first_country_counts_whether_or_not_it_is_named() -> None:
    answers = [Answer((), (), (), (), (("KR", 0.3), ("JP", 0.1))), Answer((), (), (), (), ())]
    rows = country_coverage([Truth(("KR",)), Truth(("FR",))], answers, PARAMS, ["x", "y"])
    assert rows[0]["accuracy"] == 1.0
    assert rows[-1]["accuracy"] == 0.5
    assert rows[-1]["threshold"] == 0.0
