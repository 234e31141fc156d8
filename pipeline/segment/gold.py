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


def inner_starts(page: Page, units: Sequence[Unit]) -> list[list[int]]:
    """Find where inside each unit another part, another story or residue begins."""
    spans = sorted(
        [
            (part.start, part.end, part.role, number)
            for number, story in enumerate(page.stories)
            for part in story.parts
        ]
        + [(span.start, span.end, "residue", -1) for span in page.residue]
    )
    starts = [start for start, *_ in _with_interruptions(page.text, spans)]
    changes = [place for place in starts if place and page.text[place - 1].isspace()]
    found: list[list[int]] = []
    for unit in units:
        left, right = np.searchsorted(changes, [unit.start + 1, unit.end])
        found.append(changes[left:right])
    return found


def _with_interruptions(
    text: str, spans: Sequence[tuple[int, int, str, int]]
) -> list[tuple[int, int, str, int]]:
    """Keep spans that differ from the one before them, and add what stands between spans."""
    found: list[tuple[int, int, str, int]] = []
    reached = 0
    for span in spans:
        between = text[reached : span[0]]
        if any(letter.isalnum() for letter in between):
            lead = len(between) - len(between.lstrip())
            found.append((reached + lead, span[0], "residue", -1))
        if not found or found[-1][2:] != span[2:]:
            found.append(span)
        reached = span[1]
    return found


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
