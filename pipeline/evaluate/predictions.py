"""Every held-out example with its gold, what was said of it, and whether that is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.evaluate.answers import Answer, Scored
from pipeline.evaluate.classification import Labels
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
            right = bool(said) and said[0] in gold
            scores = _scores(answer.topic_scores, said, gold)
            yield Judged("topic", name, gold, said, right, *scores)
        if placed:
            where = truth.countries
            right = set(where.labels) == set(answer.countries) - (where.also - set(where.labels))
            scores = _scores(answer.country_scores, answer.countries, where.labels)
            yield Judged("countries", name, where.labels, answer.countries, right, *scores)


def judged_pages(pages: Sequence[Page], cuts: Sequence[Page], tolerance: int) -> Iterator[Judged]:
    """Judge the cut of each page: right if no boundary is missed and none too many.

    :param tolerance: characters that a start may be off.
    """
    for page, cut in zip(pages, cuts, strict=True):
        starts = [story.start for story in cut.stories]
        judged = judge_starts(page, starts, tolerance)
        gold = tuple(story.start for story in page.stories[1:])
        right = not judged.wrong and not judged.missed
        scores = tuple(story.boundary for story in cut.stories[1:])
        yield Judged("boundaries", page.id, gold, tuple(starts[1:]), right, scores)


def _scores(scored: Scored, said: Labels, gold: Labels) -> tuple[tuple[float, ...], ...]:
    """Look up the scores of what was said and of gold; what was not considered has 0."""
    known = dict(scored)
    return tuple(tuple(known.get(label, 0.0) for label in labels) for labels in (said, gold))
