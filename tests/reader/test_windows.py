from __future__ import annotations

from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.reader.tokens import HEAD, TAIL
from pipeline.reader.windows import MARGIN, WINDOW, Window, _filled, plan_windows

LENGTHS = st.lists(st.integers(1, 97), max_size=200)
LONG = st.lists(st.integers(1, 1 + HEAD + TAIL), max_size=200)  # as long as units get


@given(LONG)
def test_law_every_unit_is_read_and_each_window_goes_on_from_the_one_before(
    lengths: list[int],
) -> None:
    windows = plan_windows(lengths)
    assert {i for window in windows for i in range(*window)} == set(range(len(lengths)))
    assert all(window.start < window.end for window in windows)
    for before, after in pairwise(windows):
        assert before.start < after.start <= before.end < after.end


@given(LONG)
def test_law_no_window_is_longer_than_the_encoder_reads(lengths: list[int]) -> None:
    for window in plan_windows(lengths):
        assert 2 + sum(lengths[window.start : window.end]) <= WINDOW


@given(LENGTHS)
def test_law_some_window_has_context_on_either_side_of_a_unit(lengths: list[int]) -> None:
    ends = list(accumulate(lengths, initial=0))

    def known(unit: int, window: Window) -> bool:
        before, behind = ends[unit] - ends[window.start], ends[window.end] - ends[unit + 1]
        rest = ends[-1] - ends[unit + 1]
        return before >= min(MARGIN, ends[unit]) and behind >= min(MARGIN, rest)

    windows = plan_windows(lengths)
    for unit in range(len(lengths)):
        assert any(known(unit, w) for w in windows if w.start <= unit < w.end)


def test_a_short_page_is_one_window() -> None:
    assert len(plan_windows([20] * 10)) == 1


@given(LONG)
def test_law_there_are_no_more_windows_than_full_ones_and_none_is_longer(
    lengths: list[int],
) -> None:
    even, full = plan_windows(lengths), _filled(lengths, WINDOW, MARGIN)
    assert len(even) <= len(full)
    assert _longest(lengths, even) <= _longest(lengths, full)


def test_a_page_a_little_too_long_for_one_window_is_read_in_two_halves() -> None:
    lengths = [20] * 28
    first, second = plan_windows(lengths)
    assert abs((first.end - first.start) - (second.end - second.start)) <= 1
    assert _longest(lengths, [first, second]) < 400


def _longest(lengths: list[int], windows: list[Window]) -> int:
    return max((sum(lengths[w.start : w.end]) for w in windows), default=0)


def test_windows_grow_in_proportion_to_the_page() -> None:
    few, many = len(plan_windows([30] * 100)), len(plan_windows([30] * 10_000))
    assert many <= 105 * few
    ends = [window.end for window in plan_windows([30] * 100)]
    assert all(a < b for a, b in pairwise(ends))
