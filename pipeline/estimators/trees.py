"""Gradient-boosted trees (Friedman 2001) as arrays, every tree and row walked down together.

All nodes of all trees stand in one table. A step moves each (tree, row) pair from its node to a
child; a leaf leads to itself, so after as many steps as the deepest tree has levels all have
arrived. Values are added up tree by tree in the order of boosting, as scikit-learn does, so that
scores are the same to the last bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.estimators.linear import Array, likeliest, probabilities

PAIRS = 1 << 18  # of tree and row walked at once: they stay in the processor's cache


class Trees(NamedTuple):
    """A fitted ensemble over ``k`` classes, ``t`` trees a class (one sequence for two classes).

    ``feature``, ``threshold``, ``missing`` (go left where the value is NaN), ``left``, ``right``
    and ``value`` describe every node; ``roots`` has shape (t, k or 1), ``start`` (k or 1,) is
    what the scores begin from.
    """

    classes_: Array
    feature: Array
    threshold: Array
    missing: Array
    left: Array
    right: Array
    value: Array
    roots: Array
    start: Array
    depth: int

    def decision_function(self, rows: Array) -> Array:
        """Score ``n`` rows of shape (n, f): (n,) for two classes, else (n, k)."""
        rows = np.asarray(rows, dtype=np.float64)
        step = max(1, PAIRS // max(self.roots.size, 1))
        parts = [self._scores(rows[i : i + step]) for i in range(0, len(rows), step)]
        scores = np.concatenate(parts) if parts else np.zeros((0, len(self.start)))
        return np.asarray(scores[:, 0] if len(self.start) == 1 else scores)

    def predict_proba(self, rows: Array) -> Array:
        """Return the probability of each class, shape (n, k)."""
        return probabilities(self.decision_function(rows))

    def predict(self, rows: Array) -> Array:
        """Return the likeliest class of each row, shape (n,)."""
        return likeliest(self.classes_, self.decision_function(rows))

    def _scores(self, rows: Array) -> Array:
        """Score rows that are few enough to be walked at once, shape (n, k or 1)."""
        count, width = rows.shape
        lowest = np.where(np.isnan(rows), -np.inf, rows)  # below every threshold; NaN is below none
        flat = np.concatenate([lowest, rows], axis=1).ravel()
        column = self.feature + np.where(self.missing, 0, width)
        child = np.stack([self.right, self.left], axis=1).ravel().astype(np.intp)
        nodes = np.repeat(self.roots.ravel(), count).astype(np.intp)
        offsets = np.tile(np.arange(count, dtype=np.intp) * (2 * width), self.roots.size)
        for _ in range(self.depth):
            left = flat.take(offsets + column.take(nodes)) <= self.threshold.take(nodes)
            nodes = child.take(2 * nodes + left)
        leaves = self.value[nodes].reshape(len(self.roots), len(self.start), count)
        sums = np.concatenate(
            [np.broadcast_to(self.start[:, None], (1, *leaves.shape[1:])), leaves]
        )
        return np.asarray(np.add.reduce(sums, axis=0).T)
