from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.calibration import calibrate

decisions = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60)


@given(decisions, st.integers(1, 20))
def test_every_probability_is_in_one_bin_that_holds_it(
    pairs: list[tuple[float, bool]], bins: int
) -> None:
    measured = calibrate([p for p, _ in pairs], [y for _, y in pairs], bins)
    assert measured.size == len(pairs)
    assert len(measured.bins) == bins
    assert 0 <= measured.ece <= 1
    assert 0 <= measured.brier <= 1
    for row in measured.bins:
        if row.size:
            assert row.low - 1e-9 <= row.confidence <= row.high + 1e-9


@given(decisions)
def test_order_does_not_matter(pairs: list[tuple[float, bool]]) -> None:
    shuffled = sorted(pairs, key=lambda pair: (pair[1], -pair[0]))
    one = calibrate([p for p, _ in pairs], [y for _, y in pairs], 10)
    other = calibrate([p for p, _ in shuffled], [y for _, y in shuffled], 10)
    assert one.ece == pytest.approx(other.ece, abs=1e-9)
    assert one.brier == pytest.approx(other.brier, abs=1e-9)


def test_one_bin_is_the_difference_of_the_means() -> None:
    # With one bin, ECE is |share true - mean probability|.
    assert calibrate([0.2, 0.4, 0.9], [True, False, True], 1).ece == pytest.approx(2 / 3 - 0.5)


def test_bins_are_closed_on_the_right() -> None:
    rows = calibrate([0.0, 0.1, 0.100001, 1.0], [False] * 4, 10).bins
    assert [row.size for row in rows] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_brier_is_scikit_learns() -> None:
    from sklearn.metrics import brier_score_loss

    p, y = [0.1, 0.4, 0.35, 0.8], [False, False, True, True]
    assert calibrate(p, y, 10).brier == pytest.approx(brier_score_loss(y, p))


def test_nothing_measured_is_no_error() -> None:
    measured = calibrate([], [], 5)
    assert (measured.ece, measured.brier, measured.size) == (0.0, 0.0, 0)


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        calibrate([1.2], [True], 5)
    with pytest.raises(ValueError, match="2 probabilities but 1"):
        calibrate([0.1, 0.2], [True], 5)
