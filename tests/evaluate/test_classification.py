from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.classification import (
    Truth,
    macro_f1,
    macro_of_counts,
    main_counts,
    main_in_set,
    main_pairs,
    main_right,
    set_counts,
    set_scores,
)

label_sets = st.lists(st.sampled_from("abcde"), unique=True, max_size=4).map(tuple)
cases = st.lists(st.tuples(label_sets, label_sets, label_sets.map(frozenset)), max_size=12)


def split(
    drawn: list[tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]],
) -> tuple[list[Truth], list[tuple[str, ...]]]:
    truths = [Truth(gold, also - set(gold)) for gold, _, also in drawn]
    return truths, [predicted for _, predicted, _ in drawn]


@given(cases)
def test_gold_against_itself_is_perfect(drawn: list[tuple]) -> None:  # type: ignore[type-arg]
    truths, _ = split(drawn)
    gold = [truth.labels for truth in truths]
    scores = set_scores(truths, gold)
    assert (scores.precision, scores.recall, scores.f1, scores.f1_macro) == (1.0, 1.0, 1.0, 1.0)
    assert main_right(truths, gold).all()


@given(cases)
def test_labels_that_are_neither_right_nor_wrong_change_nothing(
    drawn: list[tuple],  # type: ignore[type-arg]
) -> None:
    truths, predicted = split(drawn)
    plain = set_scores(truths, predicted)
    with_also = [
        labels + tuple(sorted(truth.also - set(labels)))
        for truth, labels in zip(truths, predicted, strict=True)
    ]
    without = [
        tuple(label for label in labels if label not in truth.also)
        for truth, labels in zip(truths, predicted, strict=True)
    ]
    assert set_scores(truths, with_also)[:4] == plain[:4] == set_scores(truths, without)[:4]


@given(cases)
def test_counts_for_the_bootstrap_are_the_scores(
    drawn: list[tuple],  # type: ignore[type-arg]
) -> None:
    truths, predicted = split(drawn)
    right, wrong, missed = set_counts(truths, predicted).reshape(-1, 3).sum(axis=0)
    scores = set_scores(truths, predicted)
    if right + wrong + missed:
        assert scores.f1 == pytest.approx(2 * right / (2 * right + wrong + missed))


@given(cases)
def test_macro_f1_is_scikit_learns(
    drawn: list[tuple],  # type: ignore[type-arg]
) -> None:
    from sklearn.metrics import f1_score

    if pairs := main_pairs(*split(drawn)):
        gold, guess = zip(*pairs, strict=True)
        names = sorted(set(gold))
        score = f1_score(gold, guess, labels=names, average="macro", zero_division=0)
        assert macro_f1(pairs) == pytest.approx(score)


def test_set_scores_are_scikit_learns() -> None:
    from sklearn.metrics import f1_score, precision_score, recall_score
    from sklearn.preprocessing import MultiLabelBinarizer

    rng = np.random.default_rng(5)
    names = ["a", "b", "c", "d"]
    drawn = rng.random((2, 40, 4)) < 0.4
    gold, predicted = (
        [tuple(name for name, on in zip(names, row, strict=True) if on) for row in side]
        for side in drawn
    )
    binarizer = MultiLabelBinarizer(classes=names).fit([names])
    y, x = binarizer.transform(gold), binarizer.transform(predicted)
    scores = set_scores([Truth(labels) for labels in gold], predicted)
    assert scores.precision == pytest.approx(precision_score(y, x, average="micro"))
    assert scores.recall == pytest.approx(recall_score(y, x, average="micro"))
    assert scores.f1 == pytest.approx(f1_score(y, x, average="micro"))
    assert scores.f1_macro == pytest.approx(f1_score(y, x, average="macro"))
    assert [label.stories for label in scores.labels] == list(y.sum(axis=0))


def test_any_accepted_main_label_is_right_and_counts_as_the_gold_one() -> None:
    truths = [Truth(("a", "b"), frozenset("c"), main=("a", "c"))] * 4
    predicted: list[tuple[str, ...]] = [("c",), ("b", "a"), (), ("d",)]
    assert main_right(truths, predicted).tolist() == [True, False, False, False]
    assert main_in_set(truths, predicted).tolist() == [True, True, False, False]
    assert main_pairs(truths, predicted) == [("c", "c"), ("a", "b"), ("a", ""), ("a", "d")]


def test_the_first_label_is_the_main_one_and_stories_without_labels_are_left_out() -> None:
    truths = [Truth(("a", "b")), Truth(())]
    assert main_right(truths, [("a",), ("a",)]).tolist() == [True]
    assert main_pairs(truths, [("b",), ("a",)]) == [("a", "b")]


def test_a_label_that_gold_lacks_costs_precision_but_has_no_row() -> None:
    scores = set_scores([Truth(("a",))], [("a", "z")])
    assert (scores.precision, scores.recall, scores.f1_macro) == (0.5, 1.0, 1.0)
    assert [label.label for label in scores.labels] == ["a"]


def test_nothing_to_score() -> None:
    assert macro_f1([]) == 0.0
    assert macro_of_counts(main_counts([])) == 0.0
    assert set_scores([], []).f1 == 1.0
    assert set_scores([Truth(())], [("a",)]).f1 == 0.0
