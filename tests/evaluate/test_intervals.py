from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate.intervals import (
    f1_interval,
    mean_interval,
    percentile_interval,
    percentile_intervals,
)

CLUSTERS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=30)


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@settings(max_examples=30)
@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_interval_holds_the_mean_of_most_samples_and_stays_in_range(flags: list[bool]) -> None:
    low, high = mean_interval(np.array(flags), 200, rng())
    assert 0 <= low <= high <= 1
    assert low <= np.mean(flags) + 1e-9
    assert high >= np.mean(flags) - 1e-9


def test_the_same_seed_gives_the_same_interval() -> None:
    flags = np.array([True, False, True, True] * 10)
    assert mean_interval(flags, 100, rng()) == mean_interval(flags, 100, rng())
    assert mean_interval(flags, 100, rng()) != mean_interval(flags, 100, np.random.default_rng(4))


def test_width_is_that_of_the_normal_approximation() -> None:
    # 95% of a mean's sampling distribution is 1.96 standard errors either side of it.
    values = np.array([0, 1] * 200)
    low, high = mean_interval(values, 4000, rng())
    error = 1.96 * 0.5 / np.sqrt(400)
    assert (low, high) == pytest.approx((0.5 - error, 0.5 + error), abs=0.006)


def test_no_items_say_nothing() -> None:
    assert percentile_interval(lambda rows: 0.5, 0, 10, rng()) == (0.0, 1.0)


def test_f1_of_resampled_counts() -> None:
    sure = np.array([[2, 0, 0]] * 5)
    assert f1_interval(sure, 50, rng()) == (1.0, 1.0)
    assert f1_interval(np.zeros((4, 3), dtype=np.int64), 50, rng()) == (1.0, 1.0)
    mixed = np.array([[1, 0, 0], [0, 1, 1]] * 20)
    low, high = f1_interval(mixed, 500, rng())
    assert low < 0.5 < high


def test_printings_of_one_article_are_drawn_together() -> None:
    flags = np.repeat([0.0, 1.0] * 10, 25)
    articles = [str(i // 25) for i in range(500)]
    alone = mean_interval(flags, 500, rng())
    together = mean_interval(flags, 500, rng(), clusters=articles)
    assert together.high - together.low > 3 * (alone.high - alone.low)


@given(CLUSTERS, st.booleans())
def test_law_intervals_are_those_of_the_items_drawn_one_by_one(
    names: list[str], together: bool
) -> None:
    counts = np.random.default_rng(1).integers(0, 3, (len(names), 3))
    flags = counts[:, 0] > 0
    clusters = names if together else None

    def mean(rows: np.ndarray) -> float:
        return float(np.mean(flags[rows]))

    def micro(rows: np.ndarray) -> float:
        right, wrong, missed = counts[rows].sum(axis=0)
        both = 2 * right + wrong + missed
        return float(2 * right / both) if both else 1.0

    given = {"resamples": 20, "level": 0.9, "clusters": clusters}
    for statistic, found in (
        (mean, mean_interval(flags, rng=rng(), **given)),
        (micro, f1_interval(counts, rng=rng(), **given)),
    ):
        assert found == percentile_interval(statistic, len(names), rng=rng(), **given)
    both = percentile_intervals(
        lambda rows: np.array([mean(rows), micro(rows)]), 2, len(names), rng=rng(), **given
    )
    assert both == [percentile_interval(s, len(names), rng=rng(), **given) for s in (mean, micro)]


@given(CLUSTERS)
def test_law_items_are_drawn_cluster_by_cluster(names: list[str]) -> None:
    seen: list[list[int]] = []

    def note(rows: np.ndarray) -> float:
        seen.append(rows.tolist())
        return 0.0

    percentile_interval(note, len(names), 5, rng(), clusters=names)
    firsts = list(dict.fromkeys(names))
    draw = rng()
    for rows in seen:
        chosen = draw.integers(0, len(firsts), len(firsts))
        assert rows == [i for c in chosen for i, name in enumerate(names) if name == firsts[c]]
