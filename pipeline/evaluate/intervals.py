"""Percentile bootstrap (Efron and Tibshirani 1993, chapter 13): how sure a figure is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.intp]


class Interval(NamedTuple):
    """The ends of a confidence interval."""

    low: float
    high: float


def percentile_interval(
    statistic: Callable[[Indices], float],
    items: int,
    resamples: int,
    rng: np.random.Generator,
    level: float = 0.95,
) -> Interval:
    """Resample ``items`` pages or stories with replacement; take the middle ``level``.

    :param statistic: the figure over the items with these indices, shape ``(items,)``; its
        values are shares, so with no items at all the interval is all of [0, 1].
    :param rng: seeded by the caller.
    """
    if items == 0:
        return Interval(0.0, 1.0)
    draws = [statistic(rng.integers(0, items, items)) for _ in range(resamples)]
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Interval(float(low), float(high))


def mean_interval(
    values: npt.NDArray[Any], resamples: int, rng: np.random.Generator, level: float = 0.95
) -> Interval:
    """Bound the mean of ``values``, shape ``(n,)``."""
    return percentile_interval(
        lambda indices: float(np.mean(values[indices])), len(values), resamples, rng, level
    )


def f1_interval(
    counts: npt.NDArray[np.int64], resamples: int, rng: np.random.Generator, level: float = 0.95
) -> Interval:
    """Bound a micro-averaged F1.

    :param counts: shape ``(n, 3)``, right, wrong and missed of each page or story.
    """

    def micro(indices: Indices) -> float:
        right, wrong, missed = counts[indices].sum(axis=0)
        both = 2 * right + wrong + missed
        return float(2 * right / both) if both else 1.0

    return percentile_interval(micro, len(counts), resamples, rng, level)
