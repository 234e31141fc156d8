"""Training what judges whole stories: kind, and cut from whole.

The models see stories as the roles of a model that has not met the page would set them, since
that is what they will see at work.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.estimators.trees import Trees
from pipeline.params import SegmentParams
from pipeline.segment.boosting import boosted
from pipeline.segment.form import Matrix
from pipeline.segment.lessons import Lesson
from pipeline.segment.segmenter import KINDS, story_parts
from pipeline.segment.story import ending_rows, story_rows


def fit_story_models(
    lessons: Sequence[Lesson], roles: Sequence[Matrix], params: SegmentParams
) -> tuple[Trees, Trees]:
    """Fit the models of a story's kind and of its being cut short.

    :param roles: probabilities for each lesson's units, each (n, 9), out of fold.
    """
    rows: list[Matrix] = []
    kinds: list[int] = []
    cut_short: list[bool] = []
    for lesson, likely in zip(lessons, roles, strict=True):
        bounds = story_bounds(lesson)
        if not bounds:
            continue
        ends = [b - 1 for _, (_, b) in bounds]
        kept = np.flatnonzero(lesson.gold.stories >= 0)
        parts = story_parts(lesson.table, likely, kept, [pair for _, pair in bounds])
        rows.append(story_rows(lesson.table.text, parts, lesson.table.reading.cut_off[ends]))
        told = [lesson.page.stories[number] for number, _ in bounds]
        kinds.extend(KINDS.index(story.kind) for story in told)
        cut_short.extend(story.truncated for story in told)
    iterations = max(20, params.iterations // 4)
    rate = 2 * params.learning_rate
    joined = np.concatenate(rows)
    return (
        boosted(params, iterations, rate, 8, joined, np.array(kinds)),
        boosted(params, iterations, rate, 8, ending_rows(joined), np.array(cut_short)),
    )


def story_bounds(lesson: Lesson) -> list[tuple[int, tuple[int, int]]]:
    """Number the stories that have units, each with its first unit and the one after its last."""
    found: list[tuple[int, tuple[int, int]]] = []
    for number in range(len(lesson.page.stories)):
        own = np.flatnonzero(lesson.gold.stories == number)
        if len(own):
            found.append((number, (int(own[0]), int(own[-1]) + 1)))
    return found
