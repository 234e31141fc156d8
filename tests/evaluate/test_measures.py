from __future__ import annotations

import msgspec
import pytest

from pipeline.evaluate.measures import single_calibration
from pipeline.params import EvaluateParams
from pipeline.records import Page, Story

PARAMS = EvaluateParams(tolerance=3, bootstrap=10, bins=2, examples=1, seed=0)
ONE = Page("a", "single", "It rained.", (Story(0, 10, "brief", False, ()),), ())
TWO = Page("b", "digest", "It rained. It froze.", (
    Story(0, 10, "brief", False, ()), Story(11, 20, "brief", False, ())), ())  # fmt: skip


def cut(page: Page, single: float | None) -> Page:
    return msgspec.structs.replace(page, single=single)


def test_what_is_said_of_a_page_as_a_whole_is_held_against_its_stories() -> None:
    said = single_calibration([ONE, TWO], [cut(ONE, 0.9), cut(TWO, 0.3)], PARAMS)
    assert said.ece == pytest.approx(0.2)
    assert said.brier == pytest.approx((0.1**2 + 0.3**2) / 2)


def test_a_cut_that_does_not_say_is_passed_over() -> None:
    assert single_calibration([ONE], [ONE], PARAMS).size == 0
