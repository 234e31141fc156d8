"""Distillation: what several networks say together is taught to the one that is kept.

Most stories of the real sets have no topics of ours, and those that have were labelled once. So
several networks are taught first, each without one part of the labelled stories; the mean of what
they say of the topics is then taught as well (Hinton et al. 2015), of every story by those alone
that were not taught its labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.finetune.lessons import Lesson
from pipeline.finetune.sets import TOPICS, Labelled
from pipeline.realnews import part_of

Shares = npt.NDArray[np.float32]


def teacher_without(story: str, teachers: int) -> int:
    """Number the teacher that is not taught this story; those held out are shared out anew."""
    return part_of(f"part of {story}", teachers)


def without_part(
    sets: Mapping[str, Sequence[Labelled]],
    lessons: Mapping[str, Sequence[Lesson]],
    part: int,
    parts: int,
) -> dict[str, list[Lesson]]:
    """Leave out one part of the stories that have topics."""
    return {
        name: [
            lesson
            for story, lesson in zip(sets[name], own, strict=True)
            if TOPICS not in lesson.targets or teacher_without(story.id, parts) != part
        ]
        for name, own in lessons.items()
    }


def with_told(
    sets: Mapping[str, Sequence[Labelled]],
    lessons: Mapping[str, Sequence[Lesson]],
    told: Mapping[str, Sequence[Shares]],
    trust: float,
) -> dict[str, list[Lesson]]:
    """Give every lesson topics: the teachers' alone, or beside its own.

    :param told: by set, of each teacher in order, probabilities of topics (n, k).
    :param trust: what the teachers' count where a story has topics of its own, 0 to 1.
    """
    return {
        name: [
            _with(story, lesson, [shares[row] for shares in told[name]], trust)
            for row, (story, lesson) in enumerate(zip(sets[name], own, strict=True))
        ]
        for name, own in lessons.items()
    }


def _with(story: Labelled, lesson: Lesson, said: Sequence[Shares], trust: float) -> Lesson:
    own = lesson.targets.get(TOPICS)
    if own is None:
        topics = np.mean(said, axis=0)
    else:
        topics = (1 - trust) * own + trust * said[teacher_without(story.id, len(said))]
    return lesson._replace(targets={**lesson.targets, TOPICS: topics.astype(np.float32)})
