from __future__ import annotations

import numpy as np

from pipeline.adapt.lessons import UNKNOWN, lesson, windows
from pipeline.mix.layouts import mix_pages
from pipeline.reader.reader import packaged_tokenizer
from pipeline.reader.windows import WINDOW
from pipeline.segment.gold import RESIDUE
from tests.tiny import some_articles


def test_a_page_asks_what_its_gold_can_answer() -> None:
    for page in mix_pages(some_articles(), 30, 5, "t"):
        each = lesson(page, packaged_tokenizer())
        assert len({len(field) for field in each}) == 1
        assert (each.boundary == 1).sum() == len(page.stories) - 1
        np.testing.assert_array_equal(each.stories < 0, each.roles == RESIDUE)
        assert (each.boundary[each.stories < 0] == UNKNOWN).all()
        assert (each.cut_off == 1).sum() == sum(story.truncated for story in page.stories)


def test_windows_cover_every_unit_and_fit_the_encoder() -> None:
    lessons = [lesson(p, packaged_tokenizer()) for p in mix_pages(some_articles(), 12, 5, "t")]
    found = list(windows(lessons, np.random.default_rng(0)))
    for window in found:
        assert len(window.units) == len(window.boundary) == len(window.stories) > 0
        assert 2 + sum(len(unit.ids) for unit in window.units) <= WINDOW
    assert sum(len(w.units) for w in found) >= sum(len(each.units) for each in lessons)
