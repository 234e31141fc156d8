"""A fitted linear classifier: one plane for two classes, else one for each."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Linear(NamedTuple):
    """``classes_`` (k,) in order, ``planes`` (k or 1, f) and ``bias`` (k or 1,).

    ``fill`` (f,) stands in for what is missing (NaN), where anything may be.
    """

    classes_: Array
    planes: Array
    bias: Array
    fill: Array | None = None

    def decision_function(self, rows: Array) -> Array:
        """Score ``n`` rows of shape (n, f): (n,) for two classes, else (n, k)."""
        if self.fill is not None:
            rows = np.where(np.isnan(rows), self.fill, rows)
        scores = rows @ self.planes.T + self.bias
        return np.asarray(scores[:, 0] if len(self.planes) == 1 else scores)

    def predict_proba(self, rows: Array) -> Array:
        """Return the probability of each class, shape (n, k)."""
        return probabilities(self.decision_function(rows))

    def predict(self, rows: Array) -> Array:
        """Return the likeliest class of each row, shape (n,)."""
        return likeliest(self.classes_, self.decision_function(rows))


def probabilities(scores: Array) -> Array:
    """Turn scores into probabilities: of two classes by the logistic curve, else by softmax."""
    if scores.ndim == 1:
        with np.errstate(over="ignore"):
            second = 1.0 / (1.0 + np.exp(-scores))
        return np.stack([1.0 - second, second], axis=1)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def likeliest(classes: Array, scores: Array) -> Array:
    """Choose the class with the highest score; of two, the second needs more than 0."""
    chosen = (scores > 0).astype(np.intp) if scores.ndim == 1 else scores.argmax(axis=1)
    return np.asarray(classes[chosen])
