from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reader.reader import UnitReader
from pipeline.records import Page
from pipeline.segment.gold import RESIDUE, gold_units, inner_starts
from pipeline.segment.links import with_links
from pipeline.segment.segmenter import Cut, Segmenter
from pipeline.units import find_units, split_units
from tests.encoders import HashedEncoder
from tests.tiny import PARAMS, some_pages, tiny_segmenter

LINES = st.lists(
    st.sampled_from(
        ["Rain fell on the coast. Gales blew.", "By A. Writer", "Photo: AP", "Most Popular", "",
         "STORM: Ports close Ships stayed in harbour as the", "  ", "“We left,” she said.", "1",
         "…", "Shares rose 3 percent", "A", "漢字のニュース。", "\x00", "Subscribe now", "* * *"]
    ),
    max_size=14,
)  # fmt: skip


def laws(text: str, cut: Cut) -> None:
    spans = sorted((s.start, s.end) for s in [*cut.stories, *cut.residue])
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(text[i].isspace() for i in set(range(len(text))) - covered)
    for number, story in enumerate(cut.stories):
        assert 0 <= story.boundary <= 1
        assert number or story.boundary == 1.0
        edges = [edge for part in story.parts for edge in (part.start, part.end)]
        assert edges
        assert edges == sorted(edges)
        assert story.start <= edges[0] and edges[-1] <= story.end


@given(LINES, st.sampled_from(["\n", "\r\n", " ", "\n\n"]), st.booleans())
def test_stories_and_residue_cover_the_text(lines: list[str], end: str, split: bool) -> None:
    text = end.join(lines)
    laws(text, tiny_segmenter().cut(text, HashedEncoder(), split=split))


@given(st.text(max_size=120))
def test_any_text_at_all_can_be_cut(text: str) -> None:
    laws(text, tiny_segmenter().cut(text, HashedEncoder()))


@pytest.mark.parametrize("page", some_pages(12, 9), ids=lambda page: page.layout)
def test_unsplit_text_is_one_story(page: Page) -> None:
    cut = tiny_segmenter().cut(page.text, HashedEncoder(), split=False)
    assert len(cut.stories) == 1
    laws(page.text, cut)


def test_white_space_has_no_story() -> None:
    assert tiny_segmenter().cut(" \n\t ", HashedEncoder()) == Cut((), ())


PROBABILITIES = st.sampled_from([0.0, 1e-9, 0.05, 0.3, 0.5, 0.8, 0.99, 1.0]) | st.floats(0, 1)


@given(st.sampled_from(some_pages(20, 11)), PROBABILITIES)
def test_law_no_boundary_is_less_likely_than_was_asked(page: Page, least: float) -> None:
    cut = tiny_segmenter().cut(page.text, HashedEncoder(), min_boundary=least)
    laws(page.text, cut)
    assert all(story.boundary >= least for story in cut.stories[1:])
    default = tiny_segmenter().cut(page.text, HashedEncoder())
    calibrated = {story.start: story.boundary for story in default.stories[1:]}
    for story in cut.stories[1:]:  # what is reported does not depend on what was asked
        assert story.boundary == calibrated.get(story.start, story.boundary)
    assert cut.single == default.single


def test_the_higher_the_least_probability_the_fewer_the_stories() -> None:
    def stories(least: float | None) -> int:
        return sum(
            len(tiny_segmenter().cut(page.text, HashedEncoder(), min_boundary=least).stories)
            for page in some_pages(20, 11)
        )

    counts = [stories(least) for least in (0.0, 0.1, 0.5, 0.9, 1.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2] > counts[4]
    assert counts[4] == 20  # nothing is certain
    assert counts[0] > stories(None) > counts[4]


def test_unsplit_text_is_one_story_whatever_is_asked() -> None:
    text = some_pages(1, 11)[0].text
    cut = tiny_segmenter().cut(text, HashedEncoder(), split=False, min_boundary=0.0)
    asked = tiny_segmenter().cut(text, HashedEncoder())
    assert len(cut.stories) == 1 < len(asked.stories)
    assert cut.single == asked.single < 0.5


def test_a_page_of_many_boundaries_is_hardly_one_story() -> None:
    single, several = [], []
    for page in some_pages(40, 77):
        cut = tiny_segmenter().cut(page.text, HashedEncoder())
        assert 0 <= cut.single <= 1
        (single if len(page.stories) == 1 else several).append(cut.single)
    assert np.mean(single) > np.mean(several)
    assert tiny_segmenter().cut("It rained.", HashedEncoder()).single == 1.0


def test_stories_told_twice_on_a_page_are_linked() -> None:
    links = 0
    for page in some_pages(8, 11):
        text = f"{page.text}\n{page.text}"
        stories = tiny_segmenter().cut(text, HashedEncoder()).stories
        assert stories == with_links(text, stories)
        links += sum(story.same_as is not None for story in stories)
    assert links >= 8


def test_it_learns_something_even_from_little() -> None:
    hits = wrong = missed = 0
    for page in some_pages(40, 77):
        gold = {story.start for story in page.stories[1:]}
        cut = tiny_segmenter().cut(page.text, HashedEncoder())
        found = {story.start for story in cut.stories[1:]}
        hits, wrong, missed = (
            hits + len(gold & found), wrong + len(found - gold), missed + len(gold - found)
        )  # fmt: skip
    assert 2 * hits / (2 * hits + wrong + missed) > 0.6


def test_it_is_the_same_after_saving_and_equal_fits_are_equal_files(tmp_path: Path) -> None:
    from pipeline.segment.fit import fit_segmenter
    from pipeline.segment.tables import page_tables

    pages = some_pages()
    again = fit_segmenter(
        page_tables([page.text for page in pages], UnitReader(HashedEncoder())), pages, PARAMS
    )
    for name, segmenter in (("one", tiny_segmenter()), ("two", again)):
        segmenter.save(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 7
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    loaded = Segmenter.read(tmp_path / "one")
    for page in some_pages(10, 3):
        assert loaded.cut(page.text, HashedEncoder()) == tiny_segmenter().cut(
            page.text, HashedEncoder()
        )


def test_thousands_of_sentences_take_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        text = " ".join(
            f"Sentence number {i} says that it rained on day {i % 7}." for i in range(count)
        )
        begun = time.perf_counter()
        laws_only_ends = tiny_segmenter().cut(text, HashedEncoder())
        assert laws_only_ends.stories[-1].end == len(text)
        return time.perf_counter() - begun

    small, large = seconds(500), seconds(4000)
    assert large < 8 * 4 * max(small, 0.2)


def test_gold_units_follow_the_page() -> None:
    for page in some_pages(20, 4):
        found = find_units(page.text)
        units = split_units(page.text, found, inner_starts(page, found))
        gold = gold_units(page, units)
        assert len(gold.roles) == len(units)
        np.testing.assert_array_equal(gold.stories < 0, gold.roles == RESIDUE)
        told = gold.stories[gold.stories >= 0]
        assert (np.diff(told) >= 0).all()
        assert set(told.tolist()) == set(range(len(page.stories)))
