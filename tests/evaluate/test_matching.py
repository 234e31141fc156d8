from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.matching import match_starts, match_stories, overlap
from pipeline.records import Page, Span
from tests.evaluate.pages import pages

positions = st.sets(st.integers(0, 60)).map(sorted)


def most_pairs(gold: list[int], predicted: list[int], tolerance: int) -> int:
    """Count by search what the greedy matching finds by walking."""
    if not gold:
        return 0
    best = most_pairs(gold[1:], predicted, tolerance)
    for index, start in enumerate(predicted):
        if abs(start - gold[0]) <= tolerance:
            rest = predicted[:index] + predicted[index + 1 :]
            best = max(best, 1 + most_pairs(gold[1:], rest, tolerance))
    return best


@given(positions, positions, st.integers(0, 5))
def test_pairs_are_close_and_one_to_one(
    gold: list[int], predicted: list[int], tolerance: int
) -> None:
    pairs = match_starts(gold, predicted, tolerance)
    assert all(abs(one - other) <= tolerance for one, other in pairs)
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    backwards = match_starts(predicted, gold, tolerance)
    assert len(backwards) == len(pairs)


@given(
    st.sets(st.integers(0, 20), max_size=5).map(sorted),
    st.sets(st.integers(0, 20), max_size=5).map(sorted),
    st.integers(0, 4),
)
def test_no_matching_has_more_pairs(gold: list[int], predicted: list[int], tolerance: int) -> None:
    assert len(match_starts(gold, predicted, tolerance)) == most_pairs(gold, predicted, tolerance)


def test_overlap_is_shared_over_either() -> None:
    assert overlap(Span(0, 10), Span(5, 15)) == 5 / 15
    assert overlap(Span(0, 10), Span(10, 15)) == 0
    assert overlap(Span(3, 3), Span(3, 3)) == 0


def test_the_closest_story_stands_for_a_gold_one() -> None:
    gold = [Span(0, 100), Span(100, 110), Span(110, 200)]
    predicted = [Span(0, 40), Span(40, 100), Span(100, 200)]
    assert match_stories(gold, predicted) == [1, None, 2]


def test_two_halves_are_not_both_the_story() -> None:
    assert match_stories([Span(0, 10)], [Span(0, 5), Span(5, 10)]) == [0]


@given(pages)
def test_equal_stories_match_in_order(gold: Page) -> None:
    assert match_stories(gold.stories, gold.stories) == list(range(len(gold.stories)))
