"""Two classifiers of the same two classes, their probabilities averaged."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.estimators.linear import Array, Linear
from pipeline.estimators.trees import Trees


class Blend(NamedTuple):
    """Trees and a line; ``share`` (1,) is the trees' part in the average."""

    trees: Trees
    line: Linear
    share: Array

    @property
    def classes_(self) -> Array:
        """The classes, in order."""
        return self.trees.classes_

    def predict_proba(self, rows: Array) -> Array:
        """Return the probability of each class, shape (n, 2)."""
        own, other = self.trees.predict_proba(rows), self.line.predict_proba(rows)
        return np.asarray(self.share * own + (1.0 - self.share) * other)
