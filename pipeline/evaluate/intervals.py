"""Percentile bootstrap (Efron and Tibshirani 1993, chapter 13): how sure a figure is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.intp]
Figures = npt.NDArray[Any]


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

    def alone(rows: Indices) -> Figures:
        return np.array([statistic(rows)])

    (interval,) = percentile_intervals(alone, 1, items, resamples, rng, level, clusters)
    return interval


def percentile_intervals(
    statistics: Callable[[Indices], Figures],
    figures: int,
    items: int,
    resamples: int,
    rng: np.random.Generator,
    level: float = 0.95,
    clusters: Sequence[str] | None = None,
) -> list[Interval]:
    """Bound several ``figures`` over the same resamples, as :func:`percentile_interval` does one.

    :param statistics: the figures over the items with these indices, shape ``(figures,)``.
    """
    if items == 0:
        return [Interval(0.0, 1.0)] * figures
    groups = _groups(items, clusters)
    drawn = [statistics(groups.members(row)) for row in groups.draw(resamples, rng)]
    return [_middle(column, level) for column in np.array(drawn).T]


class _Groups(NamedTuple):
    """Items by cluster: those of cluster ``c`` are ``size[c]`` of ``order`` from ``start[c]``."""

    order: Indices
    start: Indices
    size: Indices

    def draw(self, resamples: int, rng: np.random.Generator) -> Indices:
        """Draw as many clusters as there are, with replacement: ``(resamples, clusters)``."""
        count = len(self.size)
        return rng.integers(0, count, (resamples, count))

    def members(self, drawn: Indices) -> Indices:
        """List the items of the clusters that were drawn, cluster by cluster."""
        size = self.size[drawn]
        ends = np.cumsum(size)
        offset = np.repeat(self.start[drawn] - (ends - size), size)
        return np.asarray(self.order[np.arange(ends[-1]) + offset])

    def totals(self, values: Figures, drawn: Indices) -> Figures:
        """Add up ``values`` (n, ...) over the items drawn: ``(resamples, ...)``."""
        own = np.add.reduceat(values[self.order], self.start, axis=0)
        return np.asarray(own[drawn].sum(axis=1))


def _groups(items: int, clusters: Sequence[str] | None) -> _Groups:
    """Number the clusters in the order of first appearance."""
    if clusters is None:
        rows = np.arange(items)
        return _Groups(rows, rows, np.ones(items, dtype=np.intp))
    number = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    own = np.array([number[name] for name in clusters], dtype=np.intp)
    size = np.bincount(own)
    return _Groups(np.argsort(own, kind="stable"), np.cumsum(size) - size, size)


def _middle(figures: Figures, level: float) -> Interval:
    tail = (1 - level) / 2
    low, high = np.quantile(figures, [tail, 1 - tail])
    return Interval(float(low), float(high))


def mean_interval(
    values: npt.NDArray[Any],
    resamples: int,
    rng: np.random.Generator,
    level: float = 0.95,
    clusters: Sequence[str] | None = None,
) -> Interval:
    """Bound the mean of ``values``, shape ``(n,)``."""

    if not len(values):
        return Interval(0.0, 1.0)
    groups = _groups(len(values), clusters)
    drawn = groups.draw(resamples, rng)
    sums = groups.totals(values.astype(np.float64), drawn)
    return _middle(sums / groups.size[drawn].sum(axis=1), level)


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

    if not len(counts):
        return Interval(0.0, 1.0)
    groups = _groups(len(counts), clusters)
    right, wrong, missed = groups.totals(counts, groups.draw(resamples, rng)).T
    both = 2 * right + wrong + missed
    return _middle(np.where(both, 2 * right / np.maximum(both, 1), 1.0), level)
