from __future__ import annotations

import pytest

from pipeline.evaluate.classification import Truth
from pipeline.evaluate.end_to_end import GoldLabels, Labelled, Outcome, outcomes
from pipeline.evaluate.measures import end_to_end_section
from pipeline.params import EvaluateParams
from pipeline.records import Span

PARAMS = EvaluateParams(tolerance=3, bootstrap=50, bins=10, examples=1, seed=1)


def test_a_gold_story_gets_the_labels_of_the_one_that_stands_for_it() -> None:
    gold = [Span(0, 100), Span(100, 200), Span(200, 300)]
    predicted = [
        Labelled(0, 90, ("sport",), ("KR",), ("030",)),
        Labelled(90, 300, ("arts",), (), ()),
    ]
    assert outcomes(gold, predicted) == [
        Outcome(True, ("sport",), ("KR",), ("030",)),
        Outcome(False),
        Outcome(False),
    ]
    assert outcomes([], predicted) == []


def test_missed_stories_are_wrong() -> None:
    truth = GoldLabels(Truth(("sport",)), Truth(("KR", "JP")), Truth(("030",)))
    found = Outcome(True, ("sport",), ("KR",), ("030",))
    section = end_to_end_section([truth, truth], [found, Outcome(False)], 3, PARAMS)
    assert section["found"] == section["topic_accuracy"] == 0.5
    assert section["found_precision"] == pytest.approx(1 / 3)
    assert section["country_f1"] == pytest.approx(2 * 1 / (2 * 1 + 0 + 3))
    assert section["found_low"] <= 0.5 <= section["found_high"]


def test_no_stories_at_all() -> None:
    section = end_to_end_section([], [], 0, PARAMS)
    assert (section["stories"], section["found"], section["found_precision"]) == (0, 0.0, 0.0)
