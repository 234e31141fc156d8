"""What a story's words say of its topics, beside its vector.

TF-IDF of words and pairs of words (sublinear), a linear support vector machine a class (Fan et al.
2008), one class against the rest. Words are hashed to columns (Weinberger et al. 2009), so that a
model holds none of its corpus's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.store.tensors import read_tensors, write_tensors

HASHED = 2**20  # columns that words are hashed to; those of fewer than two texts are left out
Scores = npt.NDArray[np.float64]


class WordModel:
    """A fitted model over ``k`` classes and ``m`` columns.

    ``columns`` (m,) are the hashed columns in use, ``idf`` (m,) their weights, ``weights``
    (k, m) and ``bias`` (k,) the classes' planes.
    """

    def __init__(self, tensors: dict[str, npt.NDArray[Any]]) -> None:
        self.tensors = tensors

    @classmethod
    def fit(cls, counts: Any, targets: Scores, weights: Scores, seed: int) -> WordModel:
        """Fit on ``n`` texts.

        :param counts: of :func:`count_words`, shape (n, HASHED).
        :param targets: how much each text counts for each of its classes, 0 where it is not of
            the class, shape (n, k).
        :param weights: what each text counts, shape (n,).
        """
        from sklearn.svm import LinearSVC

        within = np.bincount(counts.indices, minlength=HASHED)
        columns = np.flatnonzero(within >= min(2, counts.shape[0]))
        idf = np.log((1 + counts.shape[0]) / (1 + within[columns])) + 1
        rows = _weighed(counts, columns, idf)
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

    def scores(self, counts: Any) -> Scores:
        """Return how far ``n`` texts lie on each class's side of its plane, shape (n, k)."""
        own = self.tensors
        rows = _weighed(counts, own["columns"], own["idf"])
        return np.asarray(rows @ own["weights"].T.astype(np.float64) + own["bias"])

    def save(self, path: Path) -> None:
        """Write the model; an equal one gives equal bytes."""
        write_tensors(path, self.tensors)

    @classmethod
    def load(cls, path: Path) -> WordModel:
        """Read what :meth:`save` wrote."""
        return cls(read_tensors(path))


def count_words(texts: Sequence[str]) -> Any:
    """Count words and pairs of words by hashed column: a sparse matrix, shape (n, HASHED)."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hashing = HashingVectorizer(
        n_features=HASHED, ngram_range=(1, 2), norm=None, alternate_sign=False
    )
    return hashing.transform(texts)


def _weighed(counts: Any, columns: npt.NDArray[Any], idf: npt.NDArray[Any]) -> Any:
    """Turn counts into TF-IDF rows of length 1."""
    from scipy.sparse import diags
    from sklearn.preprocessing import normalize

    kept = counts[:, columns].astype(np.float64)
    kept.data = np.log(kept.data) + 1
    return normalize(kept @ diags(idf.astype(np.float64)))
