from __future__ import annotations

import time
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.segment.decode import BINS, decode, length_bin, length_evidence


def brute_force(scores: list[float], at: list[int], evidence: np.ndarray, weight: float) -> float:
    """The best score over all segmentations."""
    count = len(scores)
    best = -np.inf
    for size in range(count):
        for cuts in combinations(range(1, count), size):
            edges = [0, *cuts, count]
            total = sum(scores[cut] for cut in cuts)
            for a, b in pairwise(edges):
                total += weight * evidence[length_bin(np.array([at[b] - at[a]]))[0]]
            best = max(best, total)
    return best


def score(cuts: list[int], scores: list[float], at: list[int], evidence: np.ndarray, weight: float
          ) -> float:  # fmt: skip
    edges = [*cuts, len(scores)]
    total = sum(scores[cut] for cut in cuts[1:])
    for a, b in pairwise(edges):
        total += weight * evidence[length_bin(np.array([at[b] - at[a]]))[0]]
    return total


@given(
    st.lists(st.tuples(st.floats(-4, 4), st.integers(1, 20_000)), min_size=1, max_size=9),
    st.integers(0, 2**31),
    st.floats(0, 2),
)
def test_no_segmentation_scores_higher(
    units: list[tuple[float, int]], seed: int, weight: float
) -> None:
    scores = [gain for gain, _ in units]
    at = np.concatenate([[0], np.cumsum([length for _, length in units])]).tolist()
    evidence = np.random.default_rng(seed).normal(size=BINS)
    cuts = decode(np.array(scores), at, evidence, weight).tolist()
    assert cuts[0] == 0
    assert cuts == sorted(set(cuts))
    found = score(cuts, scores, at, evidence, weight)
    assert found == pytest.approx(brute_force(scores, at, evidence, weight), abs=1e-6)


@given(st.lists(st.floats(-9, 9).filter(lambda x: abs(x) > 1e-6), min_size=1, max_size=50))
def test_without_length_evidence_the_likelier_than_not_are_cut(scores: list[float]) -> None:
    at = list(range(0, 10 * len(scores) + 1, 10))
    cuts = decode(np.array(scores), at, np.zeros(BINS), 0.0).tolist()
    assert cuts == [0, *(i for i in range(1, len(scores)) if scores[i] > 0)]


def test_no_unit_no_cut() -> None:
    assert decode(np.zeros(0), [0], np.zeros(BINS), 1.0).tolist() == []


def test_fifty_thousand_units_take_seconds() -> None:
    rng = np.random.default_rng(0)
    at = np.concatenate([[0], np.cumsum(rng.integers(20, 200, size=50_000))]).tolist()
    begun = time.perf_counter()
    cuts = decode(rng.normal(-2, 2, size=50_000), at, rng.normal(size=BINS), 0.5)
    assert len(cuts) > 100
    assert time.perf_counter() - begun < 20


def test_lengths_seen_in_stories_speak_for_a_cut() -> None:
    pages = [(list(range(0, 1001, 50)), [0, 10]) for _ in range(50)]
    evidence = length_evidence(pages)
    right, short, joined = length_bin(np.array([500, 50, 1000]))
    assert evidence[right] > 0 > max(evidence[short], evidence[joined])
