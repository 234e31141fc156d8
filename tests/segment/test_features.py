from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.segment.cohesion import (
    REACH,
    WINDOWS,
    block_cosines,
    shared_words,
)
from pipeline.segment.features import shifted
from pipeline.segment.form import NAMES, PATTERNS, form_table
from pipeline.units import Unit, find_units

PROSE = [
    "Photo:", "by", "Agence France-Presse", "agence france preſſe", "photo", "Getty Images", "AP",
    "photo]", "Rex", ")", "(Reuters)", "©", "—", "OSLO", "in", "The", "The", "two", "Lyon", "Lyon",
    "said.", "spoke", "harbour", "Ann", "“Then", "12", "May", "...",
]  # fmt: skip
LINES = st.lists(st.sampled_from(PROSE), min_size=1, max_size=12).map(" ".join)


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


def block_by_block(vectors: Any) -> Any:
    """Cosine, depth and standard score of each gap, each block added up by itself."""
    count = len(vectors)
    sums = np.vstack([np.zeros((1, vectors.shape[1])), np.cumsum(vectors, 0, np.float64)])
    columns = []
    for window in WINDOWS:
        cosine = np.zeros(count)
        for j in range(count):
            left = sums[j] - sums[max(j - window, 0)]
            right = sums[min(j + window, count)] - sums[j]
            norm = np.linalg.norm(left[None], axis=1) * np.linalg.norm(right[None], axis=1)
            dot = np.einsum("nd,nd->n", left[None], right[None])
            cosine[j] = (dot / np.maximum(norm, 1e-9))[0]
        beyond = [-1.0] * REACH
        near = [*beyond, *cosine, *beyond]
        peaks = [
            (max(near[j : j + REACH]), max(near[j + REACH + 1 :][:REACH])) for j in range(count)
        ]
        depth = [max(a, c) + max(b, c) - 2 * c for (a, b), c in zip(peaks, cosine, strict=True)]
        inner = cosine[1:]
        standard = (cosine - inner.mean()) / (inner.std() + 1e-6) if count > 2 else 0 * cosine
        columns += [cosine, np.array(depth), standard]
    return np.stack(columns, axis=1).astype(np.float32)


@given(st.integers(0, 1000), st.integers(1, 30), st.sampled_from([1, 5, 384]))
def test_law_blocks_are_compared_as_if_each_was_added_up_by_itself(
    seed: int, count: int, width: int
) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, width)).astype(np.float32)
    vectors[rng.random(count) < 0.1] = 0.0
    rows, _ = block_cosines(vectors)
    np.testing.assert_array_equal(rows[:, : 3 * len(WINDOWS)], block_by_block(vectors))


@given(LINES)
@example("Seen from the harbour, by agence france-presse photo]")
@example("AP is what it was about")
def test_law_a_pattern_is_seen_where_searching_finds_it(piece: str) -> None:
    (row,) = form_table(piece, [Unit(0, len(piece), 1, True)]).values
    for name, pattern in PATTERNS.items():
        assert row[NAMES.index(name)] == bool(pattern.search(piece)), name
    assert row[NAMES.index("digits")] == np.float32(sum(c.isdigit() for c in piece) / len(piece))


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
