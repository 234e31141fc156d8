"""Do probabilities mean what they say: reliability tables, ECE and the Brier score.

Expected calibration error after Naeini, Cooper and Hauskrecht (2015) with the equal-width bins
of Guo et al. (2017): bin ``m`` of ``M`` holds the probabilities in ``((m-1)/M, m/M]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Bin(NamedTuple):
    """One row of a reliability table; ``confidence`` and ``accuracy`` are 0 where it is empty."""

    low: float
    high: float
    size: int
    confidence: float
    accuracy: float


class Calibration(NamedTuple):
    """How well ``n`` probabilities fit their outcomes; ``bins`` covers [0, 1]."""

    ece: float
    brier: float
    bins: tuple[Bin, ...]

    @property
    def size(self) -> int:
        """How many probabilities were measured."""
        return sum(row.size for row in self.bins)


def calibrate(probabilities: Sequence[float], outcomes: Sequence[bool], bins: int) -> Calibration:
    """Measure ``n`` probabilities against whether each came true.

    ECE is the mean of ``|accuracy - confidence|`` over the bins, weighted by their sizes; the
    Brier score (Brier 1950) is the mean squared difference. Both are 0 for ``n`` = 0.

    >>> calibrate([0.25, 0.75], [False, True], bins=2).ece
    0.25

    :raises ValueError: the two differ in length, or a probability is outside [0, 1].
    """
    p = np.asarray(probabilities, dtype=np.float64)
    y = np.asarray(outcomes, dtype=np.float64)
    if p.shape != y.shape:
        raise ValueError(f"{len(p)} probabilities but {len(y)} outcomes")
    if p.size and (p.min() < 0 or p.max() > 1):
        raise ValueError(f"a probability is outside [0, 1]: {p.min()} to {p.max()}")
    edges = np.linspace(0, 1, bins + 1)
    where = np.digitize(p, edges[1:-1], right=True)
    rows = []
    for index in range(bins):
        inside = where == index
        size = int(inside.sum())
        rows.append(
            Bin(
                low=round(float(edges[index]), 10),
                high=round(float(edges[index + 1]), 10),
                size=size,
                confidence=float(p[inside].mean()) if size else 0.0,
                accuracy=float(y[inside].mean()) if size else 0.0,
            )
        )
    if not p.size:
        return Calibration(0.0, 0.0, tuple(rows))
    ece = sum(row.size * abs(row.accuracy - row.confidence) for row in rows) / p.size
    return Calibration(ece, float(np.mean((p - y) ** 2)), tuple(rows))
