from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate.intervals import f1_interval, mean_interval, percentile_interval


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
