"""Fitting on all examples and without each fold, for what must be said of examples not met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from pipeline.threads import apart

Fitted = TypeVar("Fitted")


def with_and_without(
    fit: Callable[[int | None], Fitted], folds: Iterable[int]
) -> tuple[Fitted, dict[int, Fitted]]:
    """Fit on all, and for each fold on what lies outside it, side by side.

    :param fit: is given the fold to leave out, or None.
    :param folds: each example's, in any order.
    :returns: what was fitted on all, and by fold what has not met it.

    >>> with_and_without(lambda fold: fold, [1, 0, 1])
    (None, {0: 0, 1: 1})
    """
    parts = sorted(set(folds))
    whole, *others = apart(fit, [None, *parts])
    return whole, dict(zip(parts, others, strict=True))
