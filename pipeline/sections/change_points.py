"""Kernel change points: where cutting a sequence of vectors makes its parts most alike inside.

The cost of a segment is the scatter of its vectors about their mean; a segmentation pays that and
a penalty a cut, and the least is found by dynamic programming (Harchaoui and Cappé 2007, Arlot et
al. 2019, with the linear kernel). A gap cut even at a high penalty is a strong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.segment.form import Matrix

LONGEST = 160  # units in a segment: time and memory are linear in the text


def change_points(
    vectors: Matrix, penalties: Sequence[float], longest: int = LONGEST
) -> npt.NDArray[np.bool_]:
    """Find the change points at each penalty.

    :param vectors: unit vectors, shape (n, d).
    :param penalties: what a cut costs, in units of squared distance.
    :param longest: segments of more units are not looked at; they come about where two of fewer
        are better joined.
    :returns: shape (p, n): whether there is a cut before unit ``j``; never before the first.
    """
    count = len(vectors)
    found = np.zeros((len(penalties), count), dtype=np.bool_)
    sums = np.zeros((count + 1, vectors.shape[1]), dtype=np.float64)  # of the vectors before each
    np.cumsum(vectors, axis=0, out=sums[1:])
    costs = _costs(vectors, sums, min(longest, count))
    penalty = np.asarray(penalties, dtype=np.float64)
    best = np.full((len(penalties), count + 1), np.inf)
    came = np.zeros((len(penalties), count + 1), dtype=np.intp)
    best[:, 0] = -penalty
    every = np.arange(len(penalties))
    for end in range(1, count + 1):
        lengths = np.arange(1, min(end, longest) + 1)
        starts = end - lengths
        totals = best[:, starts] + costs[lengths, starts] + penalty[:, None]
        choice = totals.argmin(axis=1)
        best[:, end], came[:, end] = totals[every, choice], starts[choice]
    for row, path, each in zip(found, came, penalty, strict=True):
        cuts = []
        at = int(path[count])
        while at > 0:
            cuts.append(at)
            at = int(path[at])
        row[_worth(cuts[::-1], sums, float(each))] = True
    return found


def _worth(cuts: Sequence[int], sums: Matrix, penalty: float) -> list[int]:
    """Keep the cuts that save more than they cost: none ends a segment for its length alone."""
    kept = [0]
    for cut, end in pairwise([*cuts, len(sums) - 1]):
        start = kept[-1]
        left, right = sums[cut] - sums[start], sums[end] - sums[cut]
        split = left @ left / (cut - start) + right @ right / (end - cut)
        whole = left + right
        if split - whole @ whole / (end - start) > penalty:
            kept.append(cut)
    return kept[1:]


def _costs(vectors: Matrix, sums: Matrix, longest: int) -> Matrix:
    """Scatter of every segment by its length and its start, shape (longest + 1, n + 1)."""
    count = len(vectors)
    squares = np.zeros(count + 1)
    np.cumsum(np.einsum("nd,nd->n", vectors, vectors), out=squares[1:])
    costs = np.full((longest + 1, count + 1), np.inf)
    for length in range(1, longest + 1):
        whole = sums[length:] - sums[:-length]
        scatter = np.einsum("nd,nd->n", whole, whole) / length
        costs[length, : count - length + 1] = squares[length:] - squares[:-length] - scatter
    return costs
