"""What a story's words say of its topics, beside its vector.

TF-IDF of words and pairs of words (sublinear), a linear support vector machine a class (Fan et al.
2008), one class against the rest. Words are known by their hashed columns alone, so that a model
holds none of its corpus's words; those of fewer than two texts are left out.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.store.tensors import read_tensors, write_tensors
from pipeline.topics.counts import HASHED, Counts

Scores = npt.NDArray[np.float64]


class WordModel:
    """A fitted model over ``k`` classes and ``m`` columns.

    ``columns`` (m,) are the hashed columns in use, ``idf`` (m,) their weights, ``weights``
    (k, m) and ``bias`` (k,) the classes' planes.
    """

    def __init__(self, tensors: dict[str, npt.NDArray[Any]]) -> None:
        self.tensors = tensors

    @classmethod
    def fit(cls, counts: Counts, targets: Scores, weights: Scores, seed: int) -> WordModel:
        """Fit on ``n`` texts.

        :param counts: of the ``n`` texts.
        :param targets: how much each text counts for each of its classes, 0 where it is not of
            the class, shape (n, k).
        :param weights: what each text counts, shape (n,).
        """
        from sklearn.svm import LinearSVC

        within = np.bincount(counts.columns, minlength=HASHED)
        columns = np.flatnonzero(within >= min(2, counts.size))
        idf = np.log((1 + counts.size) / (1 + within[columns])) + 1
        rows = _weighed(counts, columns, idf).matrix(len(columns))
        planes = np.zeros((targets.shape[1], len(columns)))
        bias = np.full(targets.shape[1], -1.0)  # of a class that no text has
        for k, own in enumerate(targets.T):
            if 0 < np.count_nonzero(own) < len(own):
                model = LinearSVC(random_state=seed)
                model.fit(rows, own > 0, sample_weight=weights * np.where(own > 0, own, 1.0))
                planes[k], bias[k] = model.coef_[0], model.intercept_[0]
        arrays = {"idf": idf, "weights": planes, "bias": bias}
        return cls(
            {"columns": columns.astype(np.int32)}
            | {name: array.astype(np.float32) for name, array in arrays.items()}
        )

    def scores(self, counts: Counts) -> Scores:
        """Return how far ``n`` texts lie on each class's side of its plane, shape (n, k)."""
        own = self.tensors
        rows = _weighed(counts, own["columns"], own["idf"])
        planes = own["weights"].astype(np.float64)
        sides = [planes[:, rows.columns[a:b]] @ rows.values[a:b] for a, b in pairwise(rows.ends)]
        return np.asarray(np.array(sides).reshape(counts.size, len(planes)) + own["bias"])

    def save(self, path: Path) -> None:
        """Write the model; an equal one gives equal bytes."""
        write_tensors(path, self.tensors)

    @classmethod
    def load(cls, path: Path) -> WordModel:
        """Read what :meth:`save` wrote."""
        return cls(read_tensors(path))


def _weighed(counts: Counts, columns: npt.NDArray[Any], idf: npt.NDArray[Any]) -> Counts:
    """Turn counts into TF-IDF rows of length 1, their columns numbered as in ``columns``."""
    at = np.searchsorted(columns, counts.columns)
    kept = columns[np.minimum(at, len(columns) - 1)] == counts.columns if len(columns) else at < 0
    owners = counts.owners()[kept]
    values = (np.log(counts.values[kept]) + 1) * idf[at[kept]].astype(np.float64)
    lengths = np.sqrt(np.bincount(owners, weights=values**2, minlength=counts.size))
    ends = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=counts.size))])
    return Counts(at[kept], values / lengths[owners], ends)
