"""The logistic curve from a score to a probability (Platt 1999)."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.estimators.linear import Array

DIGITS = 9  # kept of slope and intercept


def fit_logistic_curve(
    scores: Array, target: Any, weights: Array | None = None
) -> tuple[float, float]:
    """Fit slope and intercept, all but without regularisation.

    :param scores: shape (n,).
    :param target: of two classes, shape (n,).
    :param weights: of each score, shape (n,); by default 1.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6, max_iter=1000)
    model.fit(np.reshape(scores, (-1, 1)), target, sample_weight=weights)
    return round(float(model.coef_[0, 0]), DIGITS), round(float(model.intercept_[0]), DIGITS)
