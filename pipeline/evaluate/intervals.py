"""Percentile bootstrap (Efron and Tibshirani 1993, chapter 13): how sure a figure is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    clusters: Sequence[str] | None = None,
) -> Interval:
    """Resample ``items`` pages or stories with replacement; take the middle ``level``.

    :param statistic: the figure over the items with these indices, shape ``(items,)``; its
        values are shares, so with no items at all the interval is all of [0, 1].
    :param rng: seeded by the caller.
    :param clusters: a name for each item; items of one name, such as printings of one article,
        are drawn together.
    """
    if items == 0:
        return Interval(0.0, 1.0)
    names = np.arange(items) if clusters is None else np.asarray(clusters)
    members = _members(names)
    draws = [
        statistic(np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))]))
        for _ in range(resamples)
    ]
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return Interval(float(low), float(high))


def _members(names: npt.NDArray[Any]) -> list[Indices]:
    """List the indices of each cluster, in the order of first appearance."""
    found: dict[Any, list[int]] = {}
    for i, name in enumerate(names.tolist()):
        found.setdefault(name, []).append(i)
    return [np.array(rows, dtype=np.intp) for rows in found.values()]


def mean_interval(
    values: npt.NDArray[Any],
    resamples: int,
    rng: np.random.Generator,
    level: float = 0.95,
    clusters: Sequence[str] | None = None,
) -> Interval:
    """Bound the mean of ``values``, shape ``(n,)``."""

    def mean(indices: Indices) -> float:
        return float(np.mean(values[indices]))

    return percentile_interval(mean, len(values), resamples, rng, level, clusters)


def f1_interval(
    counts: npt.NDArray[np.int64],
    resamples: int,
    rng: np.random.Generator,
    level: float = 0.95,
    clusters: Sequence[str] | None = None,
) -> Interval:
    """Bound a micro-averaged F1.

    :param counts: shape ``(n, 3)``, right, wrong and missed of each page or story.
    """

    def micro(indices: Indices) -> float:
        right, wrong, missed = counts[indices].sum(axis=0)
        both = 2 * right + wrong + missed
        return float(2 * right / both) if both else 1.0

    return percentile_interval(micro, len(counts), resamples, rng, level, clusters)
