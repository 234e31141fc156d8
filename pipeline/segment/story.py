"""Whole stories: the features that tell articles, briefs and teasers apart, and cut from whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.records import Part
from pipeline.segment.features import median
from pipeline.segment.form import NAMES, Matrix, form_table
from pipeline.units import Unit


def story_rows(text: str, stories: Sequence[Sequence[Part]], cut_off: Matrix) -> Matrix:
    """Describe each story of one page by its parts, its end and its neighbours.

    :param stories: the parts of each story, at least one each.
    :param cut_off: the reader's log-odds that each story's last unit is cut off, shape (s,).
    :returns: shape (s, f), float32.
    """
    if not stories:
        return np.zeros((0, 0), dtype=np.float32)
    sizes = np.array([sum(part.end - part.start for part in parts) for parts in stories])
    paragraphs = np.array([sum(part.role == "body" for part in parts) for parts in stories])
    rows = []
    for number, parts in enumerate(stories):
        roles = {part.role for part in parts}
        rows.append(
            [
                np.log1p(sizes[number]),
                np.log1p(paragraphs[number]),
                float("headline" in roles),
                float("kicker" in roles),
                float("subhead" in roles),
                float("byline" in roles),
                float("dateline" in roles),
                np.log1p(number),
                np.log1p(len(stories) - 1 - number),
                np.log1p(len(stories)),
                np.log1p(median(sizes)),
                np.log1p(sizes.max()),
                sizes[number] / sizes.sum(),
                np.log1p(paragraphs.max()),
                median(paragraphs),
            ]
        )
    ends = np.concatenate([_ending(text, parts) for parts in stories])
    shares = np.tile(ends[:, ENDED].mean(keepdims=True), (len(stories), 1))
    read = np.asarray(cut_off)[:, None]
    return np.concatenate([np.array(rows), read, ends, shares], axis=1).astype(np.float32)


ENDED = NAMES.index("ended")  # column of ``form_table``: the unit ends like a sentence


def ending_rows(rows: Matrix) -> Matrix:
    """Keep of :func:`story_rows` the form of the ends alone.

    Whether a story is cut hangs neither on its size nor on the reader, which is surer of the
    templates' ways to cut than of others.
    """
    return rows[:, -(len(NAMES) + 1) :]


def _ending(text: str, parts: Sequence[Part]) -> Matrix:
    """Describe the form of the last line of prose, shape (1, f)."""
    last = next((p for p in reversed(parts) if p.role in ("body", "subhead")), parts[-1])
    start = max(last.start, last.end - 300)
    return form_table(text, [Unit(start, last.end, 1, True)]).values
