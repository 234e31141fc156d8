"""Gold pages seen through their units: which role, which story, where a story starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.records import UNIT_ROLES, Page
from pipeline.units import Unit

ROLES = UNIT_ROLES
RESIDUE = ROLES.index("residue")
SURE = 0.8  # residue costs a story its text, so it takes this much probability to be set apart


class GoldUnits(NamedTuple):
    """For ``n`` units: ``roles`` indexes ROLES; ``stories`` is -1 where a unit is residue."""

    roles: npt.NDArray[np.intp]
    stories: npt.NDArray[np.intp]


def gold_units(page: Page, units: Sequence[Unit]) -> GoldUnits:
    """Give each unit the role and the story that most of its characters have on the page.

    An interruption inside a story (an advert's line) has the role of residue.
    """
    roles = np.full(len(units), RESIDUE, dtype=np.intp)
    stories = np.full(len(units), -1, dtype=np.intp)
    spans = [
        (part.start, part.end, number, ROLES.index(part.role))
        for number, story in enumerate(page.stories)
        for part in story.parts
    ]
    first = 0
    for i, unit in enumerate(units):
        while first < len(spans) and spans[first][1] <= unit.start:
            first += 1
        best = 0
        for start, end, number, role in spans[first:]:
            if start >= unit.end:
                break
            overlap = min(end, unit.end) - max(start, unit.start)
            if overlap > best:
                best, roles[i], stories[i] = overlap, role, number
    return GoldUnits(roles, stories)


def starts_story(stories: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Say of each unit whether a story starts there after another: 1, 0, or -1 where none is asked.

    None is asked of residue, nor of the first unit that belongs to a story.
    """
    found = np.full(len(stories), -1, dtype=np.int64)
    current = -1
    for i, story in enumerate(stories):
        if story < 0:
            continue
        if current >= 0:
            found[i] = int(story != current)
        current = story
    return found
