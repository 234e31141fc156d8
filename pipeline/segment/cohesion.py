"""Cohesion across every gap: do the units before it and after it speak of the same thing?

Blocks of several sizes on either side are compared by the cosine of their mean vectors (Hearst
1997 with sentence embeddings in place of words), in the encoder's space and in one learned to
tell stories apart; and by the words and names they share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.segment.form import WORD, Matrix

WINDOWS = (1, 2, 3, 5, 8)
REACH = 6
NAME = re.compile(r"(?<![.!?“\"'‘] )(?<!^)\b[A-Z][\w’'-]+")
COMMON = frozenset(
    WORD.findall(
        "the a an and or but if of in on at to for from by with as is was were are be been being "
        "has have had will would could should may might can not no it its he she his her they "
        "their them "
        "this that these those who which what when where said says than then there more most also "
        "about after before over into out up down one two new last year years people i we you"
    )
)


def block_cosines(vectors: Matrix) -> tuple[Matrix, list[str]]:
    """Compare the blocks on either side of each gap, and say how deep each dip is.

    :param vectors: units, shape (n, d).
    :returns: shape (n, c): row ``j`` is the gap before unit ``j`` (row 0 is empty), and names.
    """
    count = len(vectors)
    cosines = cosines_across(vectors, WINDOWS)
    dips = np.stack([cosines, depths(cosines, REACH), standardised(cosines)], axis=1)
    names = [f"{name}{window}" for window in WINDOWS for name in ("cos", "depth", "z")]
    near = _nearest(vectors)
    names += ["cross_max", "cross_mean", "right_max", "left_max", "unit_left", "unit_right", "skip"]
    return np.concatenate([dips.reshape(-1, count).T, near], axis=1).astype(np.float32), names


def cosines_across(vectors: Matrix, windows: Sequence[int]) -> Matrix:
    """Compare the blocks of so many units on either side of each gap.

    :param vectors: units, shape (n, d).
    :returns: shape (w, n), one row a window; column ``j`` is the gap before unit ``j``.
    """
    count, width = vectors.shape
    reach = max(windows)
    sums = np.zeros((count + 1 + 2 * reach, width), dtype=np.float64)  # beyond both ends as there
    np.cumsum(vectors, axis=0, out=sums[reach + 1 : reach + 1 + count])
    sums[reach + 1 + count :] = sums[reach + count]
    cosines = np.empty((len(windows), count))
    for cosine, window in zip(cosines, windows, strict=True):
        ends = sums[reach : reach + count + window]  # a block left of one gap is right of another
        blocks = ends - sums[reach - window : reach + count]
        left, right, norms = blocks[:count], blocks[window:], np.linalg.norm(blocks, axis=1)
        norm = np.maximum(norms[:count] * norms[window:], 1e-9)
        np.divide(np.einsum("nd,nd->n", left, right), norm, out=cosine)
    return cosines


def depths(cosines: Matrix, reach: int) -> Matrix:
    """TextTiling's depth: how far the peaks within reach on both sides stand above the gap."""
    count = cosines.shape[1]
    beyond = np.full((len(cosines), reach), -1.0)
    padded = np.concatenate([beyond, cosines, beyond], axis=1)
    peaks = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=1).max(axis=2)
    left, right = peaks[:, :count], peaks[:, reach + 1 :]
    return np.asarray(np.maximum(left, cosines) + np.maximum(right, cosines) - 2 * cosines)


def standardised(cosines: Matrix) -> Matrix:
    """Measure each row by its own mean and spread; the first gap is no gap and not in either."""
    inner = cosines[:, 1:]
    if inner.shape[1] < 2:
        return np.zeros_like(cosines)
    mean, spread = inner.mean(axis=1, keepdims=True), inner.std(axis=1, keepdims=True)
    return np.asarray((cosines - mean) / (spread + 1e-6))


def _nearest(vectors: Matrix) -> Matrix:
    """Cosines of single units within reach across and beside each gap, shape (n, 7)."""
    count = len(vectors)
    band = np.full((count, 2 * REACH + 1), np.nan)
    for offset in range(1, REACH + 1):
        if offset < count:
            cosine = np.einsum("nd,nd->n", vectors[:-offset], vectors[offset:])
            band[offset:, REACH - offset] = cosine
            band[:-offset, REACH + offset] = cosine
    out = np.zeros((count, 7))
    crossing = [
        (step, offset) for step in range(3) for offset in range(step + 1, min(step + 4, REACH + 1))
    ]
    cross = np.full((count, len(crossing)), np.nan)
    for column, (step, offset) in enumerate(crossing):
        if step < count:
            cross[: count - step, column] = band[step:, REACH - offset]
    beside_right, beside_left = band[:, REACH + 1 : REACH + 4], band[:, REACH - 3 : REACH]
    shifted_left = np.vstack([np.full((1, 3), np.nan), beside_left[:-1]])
    right_of_left = np.vstack([np.full((1, 3), np.nan), band[:-1, REACH + 2 : REACH + 5]])
    out[:, 0], out[:, 1] = _max(cross), _mean(cross)
    out[:, 2], out[:, 3] = _max(beside_right), _max(shifted_left)
    out[:, 4], out[:, 5] = _max(beside_left), _max(right_of_left)
    out[:, 6] = np.nan_to_num(band[:, REACH - 2])
    return out


def _max(values: Matrix) -> Matrix:
    return np.asarray(np.where(np.isnan(values), -1.0, values).max(axis=1))


def _mean(values: Matrix) -> Matrix:
    known = ~np.isnan(values)
    return np.asarray(np.nansum(values, axis=1) / np.maximum(known.sum(axis=1), 1))


def shared_words(pieces: Sequence[str]) -> tuple[Matrix, list[str]]:
    """Count the content words and the names that the blocks on either side share.

    :returns: shape (n, 8) and names; row ``j`` is the gap before unit ``j``.
    """
    words = [{w.lower()[:7] for w in WORD.findall(p) if len(w) > 3} - COMMON for p in pieces]
    names = [set(NAME.findall(piece)) for piece in pieces]
    rows = np.zeros((len(pieces), 8), dtype=np.float32)
    for j in range(1, len(pieces)):
        for column, (sets, window) in enumerate(((words, 1), (words, 4), (names, 1), (names, 4))):
            left = set().union(*sets[max(0, j - window) : j])
            right = set().union(*sets[j : j + window])
            rows[j, column] = len(left & right) / np.sqrt(max(len(left) * len(right), 1))
        seen = set().union(*names[max(0, j - 12) : j])
        ahead = set().union(*names[j : j + 3])
        rows[j, 4] = len(ahead & seen)
        rows[j, 5] = len(ahead - seen)
        rows[j, 6] = len(names[j] & seen)
        rows[j, 7] = len(names[j] - seen)
    return rows, ["words1", "words4", "names1", "names4", "known", "fresh", "known1", "fresh1"]
