from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.counts import Counts, total

numbers = st.integers(0, 1000)
some_counts = st.builds(Counts, numbers, numbers, numbers)


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    nothing = Counts()
    assert (nothing.precision, nothing.recall, nothing.f1) == (1.0, 1.0, 1.0)


def test_finding_nothing_is_worth_nothing() -> None:
    for counts in (Counts(0, 0, 3), Counts(0, 3, 0)):
        assert (counts.precision, counts.recall, counts.f1) == (0.0, 0.0, 0.0)


@given(some_counts)
def test_f1_is_the_harmonic_mean(counts: Counts) -> None:
    precision, recall = counts.precision, counts.recall
    if precision + recall:
        assert counts.f1 == pytest.approx(2 * precision * recall / (precision + recall))
    swapped = Counts(counts.right, counts.missed, counts.wrong)
    assert (swapped.precision, swapped.recall) == (recall, precision)
    assert swapped.f1 == counts.f1


@given(st.lists(some_counts))
def test_total_does_not_depend_on_order(rows: list[Counts]) -> None:
    assert total(rows) == total(reversed(rows))
