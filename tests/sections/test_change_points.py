"""Change points: the least cost of all, found among every way to cut."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sections.change_points import change_points
from pipeline.segment.form import Matrix


def vectors(seed: int, count: int) -> Matrix:
    rows = np.random.default_rng(seed).normal(size=(count, 4))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def cost(rows: Matrix, cuts: tuple[int, ...], penalty: float) -> float:
    edges = [0, *cuts, len(rows)]
    parts = [rows[a:b] for a, b in pairwise(edges)]
    scatter = sum(float(((part - part.mean(axis=0)) ** 2).sum()) for part in parts)
    return scatter + penalty * len(cuts)


@given(st.integers(0, 1000), st.integers(1, 8), st.floats(0.05, 2.0))
def test_no_other_way_to_cut_costs_less(seed: int, count: int, penalty: float) -> None:
    rows = vectors(seed, count)
    found = tuple(map(int, np.flatnonzero(change_points(rows, [penalty])[0])))
    every = (c for size in range(count) for c in combinations(range(1, count), size))
    assert cost(rows, found, penalty) == pytest.approx(min(cost(rows, c, penalty) for c in every))


@given(st.integers(0, 1000), st.integers(2, 30))
def test_dearer_cuts_are_never_more(seed: int, count: int) -> None:
    found = change_points(vectors(seed, count), [0.1, 0.5, 1.0, 100.0]).sum(axis=1)
    assert list(found) == sorted(found, reverse=True)
    assert found[-1] == 0


def test_a_turn_is_found_where_it_is() -> None:
    east, north = np.eye(2)
    rows = np.array([east] * 5 + [north] * 7 + [east] * 4)
    for penalty in (0.1, 1.0, 2.0):
        assert list(np.flatnonzero(change_points(rows, [penalty])[0])) == [5, 12]


def test_length_alone_is_no_reason_to_cut() -> None:
    assert not change_points(np.ones((25, 1)), [0.1, 5.0], longest=10).any()


def test_a_turn_between_two_long_stretches_is_found() -> None:
    east, north = np.eye(2)
    rows = np.array([east] * 33 + [north] * 47)
    assert list(np.flatnonzero(change_points(rows, [2.0], longest=10)[0])) == [33]
