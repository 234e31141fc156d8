from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.reader.windows import MARGIN, WINDOW, plan_windows

LENGTHS = st.lists(st.integers(1, 97), max_size=200)


@given(LENGTHS)
def test_law_every_unit_counts_once_and_in_order(lengths: list[int]) -> None:
    windows = plan_windows(lengths)
    counted = [i for window in windows for i in range(window.first, window.last)]
    assert counted == list(range(len(lengths)))
    for window in windows:
        assert window.start <= window.first < window.last <= window.end


@given(LENGTHS)
def test_law_no_window_is_longer_than_the_encoder_reads(lengths: list[int]) -> None:
    for window in plan_windows(lengths):
        assert 2 + sum(lengths[window.start : window.end]) <= WINDOW


@given(LENGTHS)
def test_law_a_unit_has_context_where_the_page_has_it(lengths: list[int]) -> None:
    for window in plan_windows(lengths):
        if window.start > 0:
            assert sum(lengths[window.start : window.first]) >= MARGIN
        if window.end < len(lengths) and window.last > window.first + 1:
            assert sum(lengths[window.last : window.end]) >= MARGIN


def test_a_short_page_is_one_window() -> None:
    assert len(plan_windows([20] * 10)) == 1


def test_windows_grow_in_proportion_to_the_page() -> None:
    few, many = len(plan_windows([30] * 100)), len(plan_windows([30] * 10_000))
    assert many <= 105 * few
    ends = [window.end for window in plan_windows([30] * 100)]
    assert all(a < b for a, b in pairwise(ends))
