from __future__ import annotations

import numpy as np
import pytest

from pipeline.adapt.lessons import REACH, UNKNOWN, Lesson, lesson, task, tasks, windows
from pipeline.encoder import packaged_tokenizer
from pipeline.mix.layouts import mix_pages
from pipeline.reader.tokens import INSIDE
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


def test_windows_of_every_length_fit(taught: list[tuple[Page, Lesson]]) -> None:
    lessons = [each for _, each in taught]
    lengths = [
        2 + sum(len(unit.ids) for unit in window.units)
        for seed in range(40)
        for window in windows(lessons, np.random.default_rng(seed), window=200)
    ]
    assert 190 < max(lengths) <= 200


def test_what_is_asked_of_a_batch_is_what_its_windows_say(
    taught: list[tuple[Page, Lesson]],
) -> None:
    chosen = list(windows([each for _, each in taught[:6]], np.random.default_rng(2)))
    asked = task(chosen)
    assert asked.units == sum(len(each.units) for each in chosen)
    assert len(asked.begins) == asked.batch.begins.sum()
    assert asked.begins.sum() == sum(len(inner) for each in chosen for inner in each.begins)
    assert len(asked.boundary) == len(asked.roles) == len(asked.pieces.anchors)
    at = 0
    for each in chosen:  # the words that begin something are those that the window names
        for unit, begins in zip(each.units, each.begins, strict=True):
            words = np.flatnonzero(unit.offsets != INSIDE)
            assert list(words[asked.begins[at : at + len(words)] > 0]) == begins
            at += len(words)


def test_pieces_are_paired_within_reach_within_their_window_and_without_residue(
    taught: list[tuple[Page, Lesson]],
) -> None:
    chosen = list(windows([each for _, each in taught[:6]], np.random.default_rng(2)))
    asked = task(chosen)
    stories = np.concatenate([each.stories for each in chosen])
    window = np.repeat(np.arange(len(chosen)), [len(each.stories) for each in chosen])
    left, right = asked.left, asked.right
    assert ((right > left) & (right - left <= REACH)).all()
    assert (window[left] == window[right]).all()
    assert (stories[left] >= 0).all() and (stories[right] >= 0).all()
    np.testing.assert_array_equal(asked.same, stories[left] == stories[right])
    assert 0 < asked.same.mean() < 1


def test_batches_hold_every_window_once_and_keep_to_their_budget(
    taught: list[tuple[Page, Lesson]],
) -> None:
    pool = list(windows([each for _, each in taught], np.random.default_rng(3)))
    found = list(tasks(pool, 2048, np.random.default_rng(4)))
    assert all(asked.batch.ids.size <= 2048 for asked in found)
    assert sum(len(asked.batch.ids) for asked in found) == len(pool)
    assert sum(len(asked.roles) for asked in found) == sum(len(each.roles) for each in pool)
