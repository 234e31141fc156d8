"""A page laid out in windows that overlap, so that every unit is read with its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WINDOW = 512  # tokens, the two at the ends included
MARGIN = 100  # tokens of context that some window has on either side of a unit, where the page has
# them; very long units may have less behind them
STEP = 12  # tokens by which windows grow until there are as few as there can be


class Window(NamedTuple):
    """Units ``start`` to ``end`` are read together."""

    start: int
    end: int


def plan_windows(
    lengths: Sequence[int], window: int = WINDOW, margin: int = MARGIN
) -> list[Window]:
    """Cover a page's units with as few windows as there can be, as even as its units allow.

    Attention takes time in the square of a window's length, and a short last window would know
    little of what comes before it. Time and memory are linear in the number of units.

    :param lengths: tokens of each unit, its mark included; two of the longest fit in ``window``,
        and ``margin`` beside them.
    :returns: windows in order, of which each begins and ends behind the one before.

    >>> plan_windows([20, 20, 20], window=62, margin=8)
    [Window(start=0, end=3)]
    >>> [window.end - window.start for window in plan_windows([20] * 30, window=502, margin=20)]
    [16, 16]
    """
    fullest = _filled(lengths, window, margin)
    fewest = len(fullest)
    if fewest < 2:
        return fullest
    even = (sum(lengths) + 2 * margin * (fewest - 1)) // fewest + 2
    for size in range(even, window, STEP):
        planned = _filled(lengths, size, margin)
        if len(planned) == fewest:
            return _needed(planned)
    return _needed(fullest)


def _needed(windows: Sequence[Window]) -> list[Window]:
    """Leave out windows that lie within the one before or behind; very long units leave such."""
    kept: list[Window] = []
    for window in windows:
        if kept and kept[-1].start == window.start:
            kept.pop()
        if not kept or kept[-1].end < window.end:
            kept.append(window)
    return kept


def _filled(lengths: Sequence[int], window: int, margin: int) -> list[Window]:
    """Fill one window after another."""
    room = window - 2
    count = len(lengths)
    windows: list[Window] = []
    first = 0
    while first < count:
        start, used = first, 0
        while start > 0 and used < margin:
            start -= 1
            used += lengths[start]
        end, used = start, 0
        while end < count and (used + lengths[end] <= room or end <= first):
            used += lengths[end]
            end += 1
        last, after = end, 0
        while end < count and last > first + 1 and after < margin:
            last -= 1
            after += lengths[last]
        windows.append(Window(start, end))
        first = last
    return windows
