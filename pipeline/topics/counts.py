"""Words and pairs of words of texts, counted by hashed column (Weinberger et al. 2009)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

HASHED = 2**20  # columns that words are hashed to
WORD = re.compile(r"\b\w\w+\b")
Indices = npt.NDArray[np.integer[Any]]


class Counts(NamedTuple):
    """Sparse rows of ``n`` texts: those of text ``i`` are ``ends[i]`` to ``ends[i + 1]``.

    ``columns`` (m,), rising within a text, have the ``values`` (m,); all others are 0.
    """

    columns: Indices
    values: npt.NDArray[np.float64]
    ends: Indices

    @property
    def size(self) -> int:
        """The number of texts."""
        return len(self.ends) - 1

    def of(self, texts: Sequence[int] | Indices) -> Counts:
        """Keep some of the texts, in the order given."""
        spans = [np.arange(self.ends[i], self.ends[i + 1]) for i in texts]
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *spans])
        ends = np.cumsum([0, *map(len, spans)])
        return Counts(self.columns[rows], self.values[rows], ends)

    def owners(self) -> Indices:
        """Number the text of each value, shape (m,)."""
        return np.repeat(np.arange(self.size), np.diff(self.ends))

    def matrix(self, width: int) -> Any:
        """Return a scipy matrix of shape (n, width)."""
        from scipy.sparse import csr_matrix

        return csr_matrix((self.values, self.columns, self.ends), shape=(self.size, width))


Count = Callable[[Sequence[str]], Counts]


def count_words(texts: Sequence[str]) -> Counts:
    """Count the words of two letters and more, in any case, and the pairs of neighbours."""
    return _joined([_counted(text) for text in texts])


class MemoCounter:
    """Counts as :func:`count_words` does, each unique text once."""

    def __init__(self) -> None:
        self.table: dict[str, Indices] = {}

    def __call__(self, texts: Sequence[str]) -> Counts:
        """Count the words of ``n`` texts."""
        for text in texts:
            if text not in self.table:
                self.table[text] = _counted(text)
        return _joined([self.table[text] for text in texts])


def _joined(rows: Sequence[Indices]) -> Counts:
    joined = np.concatenate([np.zeros((0, 2), dtype=np.int64), *rows])
    ends = np.cumsum([0, *map(len, rows)])
    return Counts(joined[:, 0], joined[:, 1].astype(np.float64), ends)


def _counted(text: str) -> Indices:
    """Pair each column of a text with its count, shape (m, 2)."""
    words = WORD.findall(text.lower())
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    found = Counter(map(_column, (*words, *pairs)))
    return np.array(sorted(found.items()), dtype=np.int64).reshape(-1, 2)


def _column(words: str) -> int:
    return crc32(words.encode("utf-8", "surrogatepass")) % HASHED
