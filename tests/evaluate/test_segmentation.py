from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.segmentation import pk, windowdiff

from pipeline.evaluate.counts import Counts
from pipeline.evaluate.segmentation import (
    by_layout,
    judge_starts,
    neutral_zones,
    score_page,
    summarise,
    unit_boundaries,
    window_errors,
)
from pipeline.records import Page, Span
from tests.evaluate.pages import cut_at, page, pages, pages_and_cuts

gap_strings = st.integers(0, 60).flatmap(
    lambda n: st.tuples(*[st.text("01", min_size=n, max_size=n)] * 2)
)


def starts(gold: Page) -> list[int]:
    return [story.start for story in gold.stories]


@given(pages)
def test_a_page_cut_as_gold_is_perfect(gold: Page) -> None:
    score = score_page(gold, gold, 3)
    assert score.counts.f1 == 1.0
    assert score.counts.right == max(len(gold.stories) - 1, 0)
    assert (score.pk, score.windowdiff, score.wholly_right) == (0.0, 0.0, True)


@given(pages_and_cuts())
def test_every_boundary_is_found_or_missed_and_errors_stay_in_range(
    pair: tuple[Page, Page],
) -> None:
    gold, cut = pair
    score = score_page(gold, cut, 3)
    assert score.counts.right + score.counts.missed == max(len(gold.stories) - 1, 0)
    assert score.counts.right + score.counts.wrong <= max(len(cut.stories) - 1, 0)
    assert 0 <= score.pk <= score.windowdiff <= 1
    assert 0 <= score.counts.f1 <= 1


@given(gap_strings)
def test_windows_see_no_error_in_equal_segmentations(pair: tuple[str, str]) -> None:
    gold, predicted = pair
    assert window_errors(gold, gold) == (0.0, 0.0)
    pk, windowdiff = window_errors(gold, predicted)
    assert 0 <= pk <= windowdiff <= 1
    mirrored = window_errors(gold[::-1], predicted[::-1])
    assert mirrored == pytest.approx((pk, windowdiff))
    if gold.count("1") == predicted.count("1"):  # then the window is the same both ways
        assert window_errors(predicted, gold) == pytest.approx((pk, windowdiff))


@given(gap_strings)
def test_windows_see_what_nltk_sees(pair: tuple[str, str]) -> None:
    gold, predicted = pair
    if gold:
        window = min(len(gold), max(2, round((len(gold) + 1) / (gold.count("1") + 1) / 2)))
        seen = pk(gold, predicted, window), windowdiff(gold, predicted, window)
        assert window_errors(gold, predicted) == seen


def test_windows_refuse_unequal_lengths() -> None:
    with pytest.raises(ValueError, match="3 gold gaps but 2"):
        window_errors("000", "00")


def test_a_start_a_little_off_is_right_and_further_off_is_wrong_and_missed() -> None:
    gold = page("Rain fell in Oslo.", "Snow fell in Bergen.")
    second = gold.stories[1].start
    assert judge_starts(gold, [0, second + 3], 3).right == ((second, second + 3),)
    assert judge_starts(gold, [0, second + 4], 3).counts == Counts(0, 1, 1)


def test_two_starts_near_one_boundary_are_one_right_and_one_wrong() -> None:
    gold = page("Rain fell in Oslo.", "Snow fell in Bergen.")
    second = gold.stories[1].start
    assert judge_starts(gold, [0, second - 2, second], 3).counts == Counts(1, 1, 0)


def test_residue_is_neutral() -> None:
    gold = page("# Home", "Rain fell in Oslo.", "# Most popular", "Snow fell.", "# Comments")
    first, second = starts(gold)
    middle = gold.residue[1]
    given_away = [0, first, middle.start, middle.start + 7, second, gold.residue[2].start]
    assert judge_starts(gold, given_away, 3).counts == Counts(1, 0, 0)
    assert judge_starts(gold, [0, 4, first, second], 0).counts == Counts(1, 0, 0)
    assert judge_starts(gold, [first, first + 6, second], 3).counts == Counts(1, 1, 0)


def test_white_space_beside_residue_is_neutral_and_elsewhere_is_not() -> None:
    gold = page("Rain fell.", "# Most popular", "Snow fell.", "Hail fell.", gap="\n\n\n\n\n")
    assert neutral_zones(gold) == [Span(10, 34)]
    first, second, third = starts(gold)
    assert judge_starts(gold, [first, 11, second, third], 3).counts == Counts(2, 0, 0)
    assert judge_starts(gold, [first, second, third - 4, third], 3).counts == Counts(2, 1, 0)


def test_the_first_story_is_left_out_on_both_sides() -> None:
    gold = page("Rain fell in Oslo.", "Snow fell in Bergen.")
    late = judge_starts(gold, [gold.stories[1].start], 3)
    assert late.counts == Counts(0, 0, 1)


def test_no_text_no_story_and_no_boundary_divide_by_nothing() -> None:
    empty = Page("e", "single", "", (), ())
    only_residue = page("# Home")
    for gold in (empty, only_residue, page("Rain.")):
        assert score_page(gold, gold, 3).counts == Counts()
    nothing = Page("n", "single", "Rain fell.", (), (Span(0, 10),))
    assert score_page(page("Rain fell."), nothing, 3).counts == Counts()
    assert score_page(nothing, page("Rain fell."), 3).counts == Counts()


def test_words_in_residue_are_no_units() -> None:
    gold = page("Rain fell.", "# Most popular", "Snow fell.")
    assert unit_boundaries(gold, judge_starts(gold, starts(gold), 3)) == ("010", "010")
    over = judge_starts(gold, [0, 5, *starts(gold)[1:]], 3)
    assert unit_boundaries(gold, over) == ("010", "110")


def test_summary_is_micro_over_boundaries_and_knows_single_stories() -> None:
    one = page("Rain fell in Oslo today.", layout="single")
    three = page("Rain fell.", "Snow fell.", "Hail fell.")
    scores = [
        score_page(one, cut_at(one, [0, 10]), 3),
        score_page(one, one, 3),
        score_page(three, cut_at(three, [0, 11]), 3),
    ]
    figures = summarise(scores)
    assert figures["pages"] == 3
    assert figures["f1"] == pytest.approx(Counts(1, 1, 1).f1)
    assert figures["single_whole"] == 0.5
    assert figures["pages_right"] == pytest.approx(1 / 3)
    layouts = by_layout(scores)
    assert list(layouts) == ["digest", "single"]
    assert "single_whole" not in layouts["digest"]
    assert not {"precision", "recall", "f1"} & set(layouts["single"])
    assert summarise([]) == {"pages": 0}
