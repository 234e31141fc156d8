"""Every held-out example with its gold, what was said of it, and whether that is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.evaluate.answers import Answer
from pipeline.evaluate.end_to_end import GoldLabels
from pipeline.evaluate.segmentation import judge_starts
from pipeline.records import Page
from pipeline.store.predictions import Judged


def judged_stories(
    ids: Sequence[str], truths: Sequence[GoldLabels], answers: Sequence[Answer]
) -> Iterator[Judged]:
    """Judge the main topic and the set of countries of each story that gold labels.

    Where gold names no country at all, there is none to judge.
    """
    placed = any(truth.countries.labels for truth in truths)
    for name, truth, answer in zip(ids, truths, answers, strict=True):
        gold, said = truth.topics.accepted, answer.topics[:1]
        if gold:
            yield Judged("topic", name, gold, said, bool(said) and said[0] in gold)
        if placed:
            where = truth.countries
            right = set(where.labels) == set(answer.countries) - (where.also - set(where.labels))
            yield Judged("countries", name, where.labels, answer.countries, right)


def judged_pages(pages: Sequence[Page], cuts: Sequence[Page], tolerance: int) -> Iterator[Judged]:
    """Judge the cut of each page: right if no boundary is missed and none too many.

    :param tolerance: characters that a start may be off.
    """
    for page, cut in zip(pages, cuts, strict=True):
        starts = [story.start for story in cut.stories]
        judged = judge_starts(page, starts, tolerance)
        gold = tuple(story.start for story in page.stories[1:])
        right = not judged.wrong and not judged.missed
        yield Judged("boundaries", page.id, gold, tuple(starts[1:]), right)
