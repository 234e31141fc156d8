"""Gradient-boosted trees: one way to make them for every model of the segmenter."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from pipeline.params import SegmentParams


def booster(params: SegmentParams, iterations: int, rate: float, leaves: int) -> Any:
    """Make gradient-boosted trees (Friedman 2001) by histogram, the same at every fit."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=iterations,
        learning_rate=rate,
        max_leaf_nodes=leaves,
        min_samples_leaf=params.leaf_samples,
        l2_regularization=params.l2,
        early_stopping=False,
        random_state=params.seed,
    )


def one_thread() -> AbstractContextManager[Any]:
    """Let trees predict on one thread: a page has few rows, and a team for every tree costs more.

    The trees' answers are the same on any number of threads.
    """
    limits: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="openmp")
    return limits


@cache
def _controller() -> Any:
    """Find the thread pools of the libraries that are loaded, once: looking costs milliseconds."""
    import sklearn.ensemble  # noqa: F401  (its OpenMP must be loaded to be found)
    from threadpoolctl import (  # type: ignore[import-untyped, unused-ignore]
        ThreadpoolController,
    )

    return ThreadpoolController()
