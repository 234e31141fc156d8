"""Right, wrong and missed: what precision, recall and F1 are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Counts(NamedTuple):
    """True positives, false positives and false negatives of one measurement.

    Where nothing was to be found and nothing was found, all three scores are 1: that is a
    perfect answer. Any other division by zero is 0.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return _share(self.right, self.wrong, self.missed)

    @property
    def recall(self) -> float:
        """Share of what was to be found that was found."""
        return _share(self.right, self.missed, self.wrong)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall (van Rijsbergen 1979)."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0


def total(counts: Iterable[Counts]) -> Counts:
    """Add counts up: the basis of a micro-average.

    >>> total([Counts(1, 0, 1), Counts(2, 1, 0)])
    Counts(right=3, wrong=1, missed=1)
    """
    rows = list(counts)
    return Counts(
        sum(row.right for row in rows),
        sum(row.wrong for row in rows),
        sum(row.missed for row in rows),
    )


def _share(right: int, other: int, opposite: int) -> float:
    if right + other:
        return right / (right + other)
    return 0.0 if opposite else 1.0
