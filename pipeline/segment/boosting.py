"""Gradient-boosted trees: one way to fit them for every model of the segmenter."""

from __future__ import annotations

from typing import Any

from pipeline.estimators.plain import plain
from pipeline.estimators.trees import Trees
from pipeline.params import SegmentParams
from pipeline.segment.form import Matrix


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


def boosted(
    params: SegmentParams, iterations: int, rate: float, leaves: int, rows: Matrix, target: Any
) -> Trees:
    """Fit trees on rows (n, f) and their classes (n,)."""
    fitted: Trees = plain(booster(params, iterations, rate, leaves).fit(rows, target))
    return fitted
