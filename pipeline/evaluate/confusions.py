"""Which main topic is taken for which, most often first, with stories to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pipeline.evaluate.answers import Answer
from pipeline.evaluate.classification import Truth
from pipeline.reading import opening_of
from pipeline.records import Article

PAIRS = 12
OPENING = 140  # characters of an example's text


class Mistake(NamedTuple):
    """A story whose predicted main topic is not accepted; ``story`` is its place in the list.

    ``further``: the predicted topic is one of its gold ones nevertheless, though not the main one.
    """

    story: int
    gold: str
    predicted: str
    score: float
    gold_score: float
    further: bool


def mistakes(truths: Sequence[Truth], answers: Sequence[Answer]) -> list[Mistake]:
    """List the stories whose main topic is wrong; those with no predicted topic have ``""``."""
    found: list[Mistake] = []
    for index, (truth, answer) in enumerate(zip(truths, answers, strict=True)):
        guess = answer.topics[0] if answer.topics else ""
        if not truth.accepted or guess in truth.accepted:
            continue
        scores = dict(answer.topic_scores)
        gold = truth.accepted[0]
        further = guess in truth.labels or guess in truth.also
        found.append(
            Mistake(index, gold, guess, scores.get(guess, 0.0), scores.get(gold, 0.0), further)
        )
    return found


def confusions(
    truths: Sequence[Truth],
    answers: Sequence[Answer],
    examples: int,
    describe: Callable[[int], dict[str, Any]],
) -> dict[str, Any]:
    """Count the mistakes, and the pairs of topics: ``PAIRS`` of them, the commonest first.

    Pairs that are equally common come by their surest mistake, and so do a pair's examples.

    :param examples: how many stories a pair shows at most.
    :param describe: what may be said of the story with this index; real text is not.
    """
    found = sorted(mistakes(truths, answers), key=lambda each: (-each.score, each.story))
    pairs: dict[tuple[str, str], list[Mistake]] = {}
    for each in found:
        pairs.setdefault((each.gold, each.predicted), []).append(each)
    ordered = sorted(pairs.items(), key=lambda item: -len(item[1]))
    return {
        "stories": sum(bool(truth.accepted) for truth in truths),
        "wrong": len(found),
        "further": sum(each.further for each in found),
        "kinds": len(pairs),
        "pairs": [
            {
                "gold": gold,
                "predicted": predicted,
                "stories": len(own),
                "further": sum(each.further for each in own),
                "examples": [
                    {**describe(each.story), "score": each.score, "gold_score": each.gold_score}
                    for each in own[:examples]
                ],
            }
            for (gold, predicted), own in ordered[:PAIRS]
        ],
    }


def quoted(article: Article) -> dict[str, Any]:
    """Show an article by its id, its headline and how it opens."""
    return {
        "id": article.id,
        "headline": article.headline,
        "opening": opening_of(" ".join(article.paragraphs), OPENING),
    }
