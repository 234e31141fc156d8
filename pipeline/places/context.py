"""What a story's vector says of its countries, names apart: multinomial logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.estimators.linear import Linear
from pipeline.estimators.plain import plain
from pipeline.store.vectors import Vectors
from pipeline.threads import one_thread

STRENGTH = 10.0  # C of the regression: unit vectors need a weak prior
TOLERANCE = 1e-3  # of its gradient: a tenth of that takes longer and ranks no better


class ContextModel:
    """Probabilities of the training corpus's countries, one focus country a story."""

    def __init__(self, estimator: Linear | None) -> None:
        self.estimator = estimator

    @classmethod
    def fit(cls, vectors: Vectors, countries: Sequence[tuple[str, ...]]) -> ContextModel:
        """Fit on vectors of shape ``(n, d)``; a story of ``k`` countries is ``k`` of weight 1/k."""
        from sklearn.linear_model import LogisticRegression

        weights: dict[tuple[bytes, str], float] = {}  # a story's views share vector and countries
        rows: dict[tuple[bytes, str], int] = {}
        for i, focus in enumerate(countries):
            for country in focus:
                key = (vectors[i].tobytes(), country)
                weights[key] = weights.get(key, 0.0) + 1.0 / len(focus)
                rows.setdefault(key, i)
        labels = np.array([country for _, country in rows])
        if len(set(labels)) < 2:
            return cls(None)
        estimator = LogisticRegression(C=STRENGTH, tol=TOLERANCE, max_iter=200)
        with one_thread():
            estimator.fit(
                vectors[list(rows.values())], labels, sample_weight=list(weights.values())
            )
        return cls(plain(estimator))

    def probabilities(self, vectors: Vectors) -> list[dict[str, float]]:
        """Return the probability of each country for each of ``n`` vectors.

        Rounded to six digits, so that what a sum's order does to the last ones goes no further.
        """
        if self.estimator is None or not len(vectors):
            return [{} for _ in vectors]
        table: npt.NDArray[np.float64] = self.estimator.predict_proba(vectors)
        names = [str(name) for name in self.estimator.classes_]
        return [dict(zip(names, map(float, row), strict=True)) for row in np.round(table, 6)]
