"""What the segmenter is taught from: whole pages with gold, and the gaps of pages alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.records import Page
from pipeline.segment.features import GapTraits
from pipeline.segment.form import Matrix
from pipeline.segment.gold import GoldUnits, starts_story
from pipeline.segment.models import Gaps, StorySpace, gaps_of, kept_units, page_traits
from pipeline.segment.tables import PageTable


class Lesson(NamedTuple):
    """One training page: as prepared, as it is, and its units' gold."""

    table: PageTable
    page: Page
    gold: GoldUnits


class GapPage(NamedTuple):
    """A page's ``k`` units that are not residue, without their text, and where stories start.

    ``starts`` (k + 1,) are their offsets, then where the last one ends; ``cut`` (k,) is 1 where a
    story starts after another; ``told`` (k,) where that is asked at all. ``single``: the page is
    one story.
    """

    traits: GapTraits
    starts: npt.NDArray[np.int_]
    cut: npt.NDArray[np.int_]
    told: npt.NDArray[np.bool_]
    fold: int
    single: bool


class GapLesson(NamedTuple):
    """A page's gaps, and their rows as the boundary model sees them."""

    page: GapPage
    gaps: Gaps


def gap_page(lesson: Lesson, roles: Matrix, space: StorySpace) -> GapPage | None:
    """Describe the gaps of a page; none if all of it is residue.

    :param roles: the units' probabilities by a model that has not seen the page, (n, 9).
    """
    kept = kept_units(roles)
    if not len(kept):
        return None
    units = lesson.table.units
    starts = starts_story(lesson.gold.stories[kept])
    told = starts >= 0
    told[0] = False
    return GapPage(
        page_traits(lesson.table, roles, space, kept),
        np.array([*(units[i].start for i in kept), units[kept[-1]].end]),
        np.maximum(starts, 0).astype(np.int_),
        told,
        lesson.page.fold,
        len(lesson.page.stories) == 1,
    )


def gap_lesson(page: GapPage) -> GapLesson:
    """Make a lesson of a page's gaps."""
    return GapLesson(page, gaps_of(np.arange(len(page.cut)), page.traits))
