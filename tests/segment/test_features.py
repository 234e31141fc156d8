from __future__ import annotations

import numpy as np
import pytest

from pipeline.segment.cohesion import block_cosines, shared_words
from pipeline.segment.features import shifted
from pipeline.segment.form import NAMES, PATTERNS, form_table
from pipeline.units import find_units


def test_the_gap_between_two_topics_is_the_deepest() -> None:
    one, two = np.eye(4)[0], np.eye(4)[1]
    vectors = np.array([one] * 5 + [two] * 5) + 0.01
    rows, names = block_cosines(vectors.astype(np.float32))
    for window in (1, 2, 3, 5):
        assert rows[1:, names.index(f"cos{window}")].argmin() + 1 == 5
        assert rows[1:, names.index(f"depth{window}")].argmax() + 1 == 5
    assert rows[:, names.index("cross_max")][5] == pytest.approx(
        rows[5, names.index("cos1")], abs=0.05
    )


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_cohesion_has_a_finite_row_for_every_unit(count: int) -> None:
    vectors = np.random.default_rng(0).normal(size=(count, 6)).astype(np.float32)
    rows, names = block_cosines(vectors)
    assert rows.shape == (count, len(names))
    assert np.isfinite(rows).all()


def test_shared_names_and_words_are_counted_across_the_gap() -> None:
    rows, names = shared_words(
        ["Police in Lyon spoke.", "Crowds left Lyon fast.", "Snow fell in Oslo."]
    )
    assert rows[1, names.index("known1")] == 1
    assert rows[2, names.index("known1")] == 0
    assert rows[2, names.index("fresh1")] == 1


def test_shifted_rows_are_missing_beyond_the_ends() -> None:
    rows = np.arange(3, dtype=np.float32)[:, None]
    np.testing.assert_array_equal(shifted(rows, 1)[:, 0], [1, 2, np.nan])
    np.testing.assert_array_equal(shifted(rows, -2)[:, 0], [np.nan, np.nan, 0])
    assert np.isnan(shifted(rows, 5)).all()


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Photo: AP", "credit"), ("AFP / Getty Images", "credit_tail"), ("By Ann Other", "byline"),
        ("Staff reporter", "reporter"), ("OSLO (Reuters) - It", "dateline"),
        ("May 3, 10:15", "date"), ("OIL: Prices fall", "kicker"), ("• Rain fell", "bullet"),
        ("as seen by the ...", "continued"),
        ("He left.", "anaphora"), ("“We left.”", "quote"), ("Subscribe now", "residue"),
        ("Home | World", "separator"), ("See www.example.org", "url"),
    ],
)  # fmt: skip
def test_each_pattern_sees_what_it_is_for(text: str, pattern: str) -> None:
    table = form_table(text, find_units(text)[:1])
    assert pattern in PATTERNS
    assert table.values[0, NAMES.index(pattern)] == 1
    plain = "The ministry approved a plan for the northern harbour on Monday."
    assert form_table(plain, find_units(plain)).values[0, NAMES.index(pattern)] == 0
