from __future__ import annotations

import numpy as np
import pytest

from pipeline.adapt.lessons import UNKNOWN, Lesson, lesson, windows
from pipeline.encoder import packaged_tokenizer
from pipeline.mix.layouts import mix_pages
from pipeline.reader.windows import WINDOW
from pipeline.records import Page
from pipeline.segment.gold import RESIDUE
from tests.tiny import some_articles


@pytest.fixture(scope="module")
def taught() -> list[tuple[Page, Lesson]]:
    """Pages as lessons."""
    rng, tokenizer = np.random.default_rng(1), packaged_tokenizer()
    pages = mix_pages(some_articles(), 40, 5, "t")
    return [(page, lesson(page, tokenizer, rng)) for page in pages]


def test_a_page_asks_what_its_gold_can_answer(taught: list[tuple[Page, Lesson]]) -> None:
    for page, each in taught:
        assert len({len(field) for field in each[3:]}) == 1
        assert (each.boundary == 1).sum() == len(page.stories) - 1
        np.testing.assert_array_equal(each.stories < 0, each.roles == RESIDUE)
        assert (each.boundary[each.stories < 0] == UNKNOWN).all()
        assert (each.cut_off == 1).sum() == sum(story.truncated for story in page.stories)


def test_every_piece_has_a_cut_or_a_unit_to_begin_it(taught: list[tuple[Page, Lesson]]) -> None:
    for _, each in taught:
        assert len(each.units) == len(each.cuts) == len(each.begins)
        assert len(each.boundary) == len(each.units) + sum(map(len, each.cuts))
        for unit, cuts, begins in zip(each.units, each.cuts, each.begins, strict=True):
            assert cuts == sorted(set(cuts)) and set(begins) <= set(cuts)
            assert (unit.offsets[cuts] > 0).all()


def test_some_units_are_cut_where_nothing_begins(taught: list[tuple[Page, Lesson]]) -> None:
    needless = sum(
        len(cuts) - len(begins)
        for _, each in taught
        for cuts, begins in zip(each.cuts, each.begins, strict=True)
    )
    assert 0 < needless < 0.1 * sum(len(each.units) for _, each in taught)


def test_windows_cover_every_unit_and_fit_the_encoder(taught: list[tuple[Page, Lesson]]) -> None:
    lessons = [each for _, each in taught]
    found = list(windows(lessons, np.random.default_rng(0)))
    for window in found:
        pieces = len(window.units) + sum(map(len, window.cuts))
        assert pieces == len(window.boundary) == len(window.stories) > 0
        assert 2 + sum(len(unit.ids) for unit in window.units) <= WINDOW
    assert sum(len(w.units) for w in found) >= sum(len(each.units) for each in lessons)
