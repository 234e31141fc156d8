from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.grouping import groups

LENGTHS = st.lists(st.integers(1, 512), max_size=80)


@given(LENGTHS, st.integers(1, 2000), st.integers(0, 200))
def test_law_every_sequence_is_in_one_batch(lengths: list[int], budget: int, call: int) -> None:
    found = list(groups(lengths, budget, call))
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    for batch in found:
        own = [lengths[i] for i in batch]
        assert own == sorted(own, reverse=True)
        assert len(batch) == 1 or own[0] * len(own) <= budget
        assert own[0] * len(own) - sum(own) <= call


@given(LENGTHS)
def test_law_no_batch_and_its_next_would_cost_less_together(lengths: list[int]) -> None:
    found = [[lengths[i] for i in batch] for batch in groups(lengths, budget=10**9, call=48)]
    for own, after in pairwise(found):
        assert own[0] * len(own) - sum(own) + own[0] - after[0] > 48


def test_nothing_gives_nothing() -> None:
    assert list(groups([])) == []
