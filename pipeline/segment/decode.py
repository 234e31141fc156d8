"""From the probability of a boundary at each gap to one best set of boundaries for the page.

A semi-Markov model solved by dynamic programming (as Utiyama and Isahara 2001 and Fragkou et al.
2004 do with other scores): a segmentation scores the log-odds of the gaps it cuts, plus for each
segment how much likelier its length is for a story than for a story cut or joined wrongly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.segment.form import Matrix

BINS = 24  # of length: two to every doubling of characters
SMOOTHING = 5.0
CERTAIN = 1e-6  # a least probability nearer to 0 or 1 weighs no more than this


def length_bin(characters: npt.NDArray[np.int_]) -> npt.NDArray[np.intp]:
    """Sort lengths into bins, two to every doubling, from 8 characters up."""
    octaves = 2.0 * (np.log2(np.maximum(characters, 1)) - 3.0)
    return np.clip(octaves, 0, BINS - 1).astype(np.intp)


def length_evidence(pages: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Matrix:
    """Learn what a length says of a segment, shape (BINS,): log of true over wrong.

    :param pages: for each page, the start of every unit followed by the end of the page, and the
        indices of the units at which a story starts, the first among them.

    Wrong segments are true ones joined with their neighbour, and true ones cut at any unit.
    """
    true, wrong = np.zeros(BINS), np.zeros(BINS)
    for starts, cuts in pages:
        at = np.asarray(starts)
        edges = [*cuts, len(starts) - 1]
        for left, right in pairwise(edges):
            true[length_bin(at[[right]] - at[left])] += 1
            inner = np.arange(left + 1, right)
            weight = 1.0 / max(len(inner), 1)
            np.add.at(wrong, length_bin(at[inner] - at[left]), weight)
            np.add.at(wrong, length_bin(at[right] - at[inner]), weight)
        for left, right in zip(edges, edges[2:], strict=False):
            wrong[length_bin(at[[right]] - at[left])] += 1
    ratio = (true + SMOOTHING) / (true.sum() + BINS * SMOOTHING)
    return np.asarray(np.log(ratio / ((wrong + SMOOTHING) / (wrong.sum() + BINS * SMOOTHING))))


def decode(
    log_odds: Matrix, starts: Sequence[int], evidence: Matrix, weight: float
) -> npt.NDArray[np.intp]:
    """Find the best set of boundaries.

    :param log_odds: of a boundary before each of ``n`` units, shape (n,); the first is not read.
    :param starts: where each unit starts, and then where the last one ends: n + 1 offsets.
    :param evidence: of segment lengths, shape (BINS,), from :func:`length_evidence`.
    :param weight: of that evidence against the gaps' own.
    :returns: indices of the units that start a story, 0 first; empty for no unit.

    Time and memory are linear in ``n``: lengths beyond the last bin's start score alike, so only
    the starts within that reach are compared one by one.
    """
    count = len(log_odds)
    if count == 0:
        return np.zeros(0, dtype=np.intp)
    at = np.asarray(starts, dtype=np.int64)
    gain = np.concatenate([[0.0], np.asarray(log_odds, dtype=np.float64)[1:]])
    best = np.full(count + 1, -np.inf)
    came = np.zeros(count + 1, dtype=np.intp)
    best[0] = 0.0
    arrival = np.full(count + 1, -np.inf)  # best score with a story starting at this unit
    arrival[0] = 0.0
    low = 0
    long_best, long_from = -np.inf, 0
    longest = 8 * 2 ** ((BINS - 1) / 2)
    for end in range(1, count + 1):
        while low < end and at[end] - at[low] >= longest:
            if arrival[low] > long_best:
                long_best, long_from = arrival[low], low
            low += 1
        score = arrival[low:end] + weight * evidence[length_bin(at[end] - at[low:end])]
        if len(score):
            choice = int(np.argmax(score))
            best[end], came[end] = score[choice], low + choice
        if long_best + weight * evidence[-1] > best[end]:
            best[end], came[end] = long_best + weight * evidence[-1], long_from
        if end < count:
            arrival[end] = best[end] + gain[end]
    cuts = []
    at_unit = count
    while at_unit > 0:
        at_unit = int(came[at_unit])
        cuts.append(at_unit)
    return np.array(cuts[::-1], dtype=np.intp)


def probability(log_odds: Matrix) -> Matrix:
    """Turn log-odds into probabilities, element by element."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def gains(log_odds: Matrix, least: float) -> Matrix:
    """Weigh cuts against a least probability: 0 at it, and never one below it."""
    odds = np.clip(least, CERTAIN, 1.0 - CERTAIN)
    gains = log_odds - np.log(odds / (1.0 - odds))
    return np.where(probability(log_odds) < least, -np.inf, gains)
