"""Better, worse and neither: laws of the comparison, and what is counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.errors import UsageError
from pipeline.evaluate.answers import Answer, gold_labels
from pipeline.reading import plain_sample
from pipeline.registry import promotion
from pipeline.registry.promotion import Material, compare, measure

COUNTS = arrays(np.int64, (25, 3), elements=st.integers(0, 3))


@settings(max_examples=15)
@given(COUNTS, COUNTS)
def test_changing_places_turns_the_difference_round(before: np.ndarray, after: np.ndarray) -> None:
    (there,) = compare({"topic/accuracy": before}, {"topic/accuracy": after}, "topic/accuracy")
    (back,) = compare({"topic/accuracy": after}, {"topic/accuracy": before}, "topic/accuracy")
    assert there.difference == pytest.approx(-back.difference, abs=1e-6)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=2e-3)
    assert there.low <= there.high
    assert not (there.better and there.worse)
    assert there.better is (there.low > 0)


@settings(max_examples=10)
@given(COUNTS)
def test_what_is_equal_is_not_better(counts: np.ndarray) -> None:
    (same,) = compare({"topic/accuracy": counts}, {"topic/accuracy": counts}, "topic/accuracy")
    assert (same.difference, same.low, same.high) == (0.0, 0.0, 0.0)
    assert not same.better
    assert not same.worse


def answers(right: int, of: int) -> np.ndarray:
    flags = (np.arange(of) < right).astype(np.int64)
    return np.stack([flags, 1 - flags, 1 - flags], axis=1)


def test_a_gain_counts_where_it_is_more_than_chance() -> None:
    def change(right: int) -> promotion.Difference:
        before, after = answers(80, 100), answers(right, 100)
        (found,) = compare({"topic/accuracy": before}, {"topic/accuracy": after}, "topic/accuracy")
        return found

    assert change(95).better
    assert change(95).champion == 0.8
    assert change(95).candidate == 0.95
    assert not change(81).better
    assert change(60).worse


def test_the_figure_that_decides_stands_first() -> None:
    counted = {"topic/accuracy": answers(5, 9), "region/country_f1": answers(6, 9)}
    found = compare(counted, counted, "region/country_f1")
    assert [one.metric for one in found] == ["region/country_f1", "topic/accuracy"]
    with pytest.raises(UsageError, match="segmentation/f1"):
        compare(counted, counted, "segmentation/f1")


def test_stories_are_counted_by_main_topic_and_countries(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        Answer(("sport",), ("FR", "DE"), (), (), ()),
        Answer(("crime",), (), (), (), ()),
        Answer(("crime",), ("TH",), (), (), ()),
    ]
    gold = [
        gold_labels(("sport",), ("FR",)),
        gold_labels(("economy", "crime"), ("JP",)),
        gold_labels(("economy",), ("TH",), main=("economy", "crime")),
    ]
    monkeypatch.setattr(promotion, "answer", lambda classifier, samples: said[: len(samples)])
    monkeypatch.setattr(promotion.Classifier, "load", lambda models: None)
    stories = [(plain_sample(("text",), None), labels) for labels in gold]
    counted = measure(Path("models"), Material(stories, []))
    assert counted["topic/accuracy"].tolist() == [[1, 0, 0], [0, 1, 1], [1, 0, 0]]
    assert counted["region/country_f1"].tolist() == [[1, 1, 0], [0, 0, 1], [1, 0, 0]]
    nowhere = [(sample, gold_labels(labels.topics.labels, ())) for sample, labels in stories]
    assert set(measure(Path("models"), Material(nowhere, []))) == {"topic/accuracy"}
