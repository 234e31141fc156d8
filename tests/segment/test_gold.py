from __future__ import annotations

import pytest

from pipeline.mix.layouts import LAYOUTS, mix_pages
from pipeline.records import Page, Part, Span, Story
from pipeline.segment.gold import gold_units, inner_starts, starts_story
from pipeline.units import find_units, split_units
from tests.tiny import some_articles


def owners(page: Page) -> list[tuple[str, int]]:
    """Name the role and the story of every character."""
    found = [("residue", -1)] * len(page.text)
    for number, story in enumerate(page.stories):
        for part in story.parts:
            found[part.start : part.end] = [(part.role, number)] * (part.end - part.start)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_law_units_split_where_parts_begin_hold_one_part_each(layout: str) -> None:
    for page in mix_pages(some_articles(), 12, 3, "t", {layout: 1.0}):
        units = find_units(page.text)
        split = split_units(page.text, units, inner_starts(page, units))
        said, gold = owners(page), gold_units(page, split)
        for unit, story in zip(split, gold.stories, strict=True):
            inked = [i for i in range(unit.start, unit.end) if page.text[i].isalnum()]
            assert len({said[i] for i in inked}) <= 1, page.text[unit.start : unit.end]
            assert all(said[i][1] == story for i in inked)
        assert (starts_story(gold.stories) == 1).sum() == len(page.stories) - 1


def test_what_begins_inside_a_unit_is_found_and_what_only_goes_on_is_not() -> None:
    text = "OIL: It fell today (Reuters) Snow fell. Advert It thawed"
    page = Page("p", "l", text, (
        Story(0, 28, "brief", False, (
            Part(0, 3, "kicker"), Part(5, 9, "body"), Part(9, 18, "body"), Part(19, 28, "credit"))),
        Story(29, 56, "brief", False, (Part(29, 39, "body"), Part(47, 56, "body"))),
    ), (Span(40, 46),))  # fmt: skip
    units = find_units(text)
    found = [[text[place:].split()[0] for place in inner] for inner in inner_starts(page, units)]
    assert found == [["It", "(Reuters)", "Snow"], ["It"]]
