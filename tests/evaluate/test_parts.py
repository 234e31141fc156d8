from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.evaluate.counts import Counts
from pipeline.evaluate.parts import (
    exact_counts,
    gold_links,
    link_counts,
    link_figures,
    part_figures,
    residue_counts,
    residue_figures,
    role_counts,
    trait_figures,
)
from pipeline.records import Page, Part, Span, Story
from tests.evaluate.pages import cut_at, page, pages, pages_and_cuts

TEXT = "STORMS: Rain fell\nIt rained in Oslo all day."


def told(headline: Span, kind: str = "teaser", truncated: bool = True) -> Page:
    body = Part(18, len(TEXT), "body")
    parts = (Part(0, 6, "kicker"), Part(headline.start, headline.end, "headline"), body)
    story = Story(0, len(TEXT), kind, truncated, parts)  # type: ignore[arg-type]
    return Page("p", "digest", TEXT, (story,), ())


@given(pages)
def test_a_page_agrees_with_itself(gold: Page) -> None:
    assert residue_figures([gold], [gold]) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    for figures in part_figures([gold], [gold]).values():
        assert figures["f1"] == figures["f1_exact"] == 1.0


@given(pages_and_cuts())
def test_swapping_the_sides_swaps_wrong_and_missed(pair: tuple[Page, Page]) -> None:
    gold, cut = pair
    forth, back = residue_counts(gold, cut), residue_counts(cut, gold)
    assert back == Counts(forth.right, forth.missed, forth.wrong)
    for role, counts in role_counts(gold, cut).items():
        swapped = role_counts(cut, gold)[role]
        assert swapped == Counts(counts.right, counts.missed, counts.wrong)


def test_white_space_does_not_count() -> None:
    gold = page("Rain fell.", "# Most popular")
    wide = Page(gold.id, gold.layout, gold.text, gold.stories, (Span(10, 25),))
    assert residue_counts(gold, wide) == Counts(12, 0, 0)


def test_roles_by_character_and_by_span() -> None:
    gold, cut = told(Span(8, 17)), told(Span(8, 12))
    assert role_counts(gold, cut)["headline"] == Counts(4, 0, 4)
    assert exact_counts(gold, cut)["headline"] == Counts(0, 1, 1)
    figures = part_figures([gold], [cut])
    assert list(figures) == ["headline", "kicker", "body"]
    assert figures["headline"]["f1"] == pytest.approx(2 / 3)
    assert figures["headline"]["f1_exact"] == 0.0
    assert figures["kicker"] == {
        "spans": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0, "f1_exact": 1.0,
    }  # fmt: skip


def test_traits_of_found_stories() -> None:
    gold = told(Span(8, 17))
    right = trait_figures([gold, gold], [gold, told(Span(8, 17), "brief", truncated=False)])
    assert right == {
        "kind_accuracy": 0.5,
        "truncated_accuracy": 0.5,
        "truncated_f1": pytest.approx(2 / 3),
    }


def test_traits_without_a_found_story_are_nothing() -> None:
    gold = told(Span(8, 17))
    empty = Page("p", "digest", TEXT, (), (Span(0, len(TEXT)),))
    figures = trait_figures([gold], [empty])
    assert (figures["kind_accuracy"], figures["truncated_accuracy"]) == (0.0, 0.0)


def printed(*articles: str) -> Page:
    """A page on which every story but the last of each article is shorter than the next."""
    made = page(*(f"Rain fell {'again ' * n}in Oslo." for n, _ in enumerate(articles)))
    stories = zip(made.stories, articles, strict=True)
    return replace(made, stories=tuple(replace(story, article=name) for story, name in stories))


def linked(gold: Page, *links: int | None) -> Page:
    stories = zip(gold.stories, links, strict=True)
    return replace(gold, stories=tuple(replace(story, same_as=link) for story, link in stories))


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=7))
def test_a_page_linked_as_gold_is_perfect_and_one_without_links_misses_all(
    names: list[str],
) -> None:
    gold = printed(*names)
    links = gold_links(gold)
    for i, j in links.items():
        assert names[i] == names[j] != ""
        assert j not in links
        assert j == max(k for k, name in enumerate(names) if name == names[i])
    right = linked(gold, *(links.get(i) for i in range(len(names))))
    assert link_counts(gold, right) == Counts(len(links), 0, 0)
    assert link_counts(gold, gold) == Counts(0, 0, len(links))


def test_of_equally_full_printings_the_first_is_linked_to() -> None:
    made = page("Rain fell.", "Rain fell.")
    gold = replace(made, stories=tuple(replace(story, article="a") for story in made.stories))
    assert gold_links(gold) == {1: 0}


def test_a_link_to_another_story_is_wrong_and_misses_the_right_one() -> None:
    gold = printed("a", "b", "a")
    assert link_counts(gold, linked(gold, 1, None, None)) == Counts(0, 1, 1)
    assert link_counts(gold, linked(gold, 2, 2, None)) == Counts(1, 1, 0)
    assert link_figures([gold, gold], [linked(gold, 2, 2, None), gold]) == {
        "links": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5,
    }  # fmt: skip


def test_links_of_stories_that_were_not_found_do_not_count() -> None:
    gold = printed("a", "a", "")
    halves = [story.start for story in gold.stories[1:]]
    joined = cut_at(gold, [0, halves[1]])  # the first two run together, and stand for the longer
    assert link_counts(gold, linked(joined, 1, None)) == Counts(0, 1, 0)
    assert link_counts(gold, linked(joined, None, None)) == Counts(0, 0, 0)
    empty = replace(gold, stories=())
    assert link_counts(gold, empty) == Counts(0, 0, 0)
