"""Stories as they are met: with their headline or without, whole or cut off, in padded batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.finetune.sets import TOPICS, Labelled

Rng = np.random.Generator
CLS, SEP = 101, 102  # of BERT's uncased vocabulary
LONGEST = 128  # tokens that are read of a story
UNTITLED = 0.25  # of the stories lose their headline
CUT_OFF = 0.35  # lose their end
SHORTEST = 12  # tokens that are left of one
POOL = 800  # stories that are sorted by length together
FURTHER = 0.4  # what a further topic counts, where the main one counts 1
_NOTHING: Mapping[str, npt.NDArray[np.float32]] = {}  # is asked of a story
SMOOTHING = 0.05  # of the topics' probability is spread over all (Szegedy et al. 2016)


class Lesson(NamedTuple):
    """A story's tokens, without those at the ends, and for each question its (k,) targets."""

    headline: list[int]
    text: list[int]
    targets: Mapping[str, npt.NDArray[np.float32]]

    @property
    def length(self) -> int:
        """Tokens that are read of it, at most."""
        return min(len(self.headline) + len(self.text), LONGEST)


class Batch(NamedTuple):
    """Padded ``ids`` and ``mask`` (n, t); targets (n, k) for each question."""

    ids: npt.NDArray[np.int64]
    mask: npt.NDArray[np.bool_]
    targets: Mapping[str, npt.NDArray[np.float32]]


def prepare(
    stories: Sequence[Labelled], vocabulary: Mapping[str, tuple[str, ...]], tokenizer: Any
) -> list[Lesson]:
    """Tokenise stories and number their labels."""
    heads = tokenizer.encode_batch([s.headline for s in stories], add_special_tokens=False)
    texts = tokenizer.encode_batch([s.text for s in stories], add_special_tokens=False)
    return [
        Lesson(
            head.ids,
            text.ids[:LONGEST],
            {name: _targets(name, own, vocabulary[name]) for name, own in story.labels.items()},
        )
        for story, head, text in zip(stories, heads, texts, strict=True)
    ]


def priors(lessons: Iterable[Lesson]) -> dict[str, npt.NDArray[np.float32]]:
    """Return for each question the mean of its targets, shape (k,)."""
    sums: dict[str, npt.NDArray[np.float32]] = {}
    counts: Counter[str] = Counter()
    for lesson in lessons:
        for question, targets in lesson.targets.items():
            sums[question] = sums.get(question, 0) + targets
            counts[question] += 1
    return {name: np.asarray(total / counts[name], np.float32) for name, total in sums.items()}


def _targets(question: str, labels: Sequence[str], known: Sequence[str]) -> npt.NDArray[np.float32]:
    """1 for every label; for topics a distribution, the main one ahead."""
    found = np.zeros(len(known), dtype=np.float32)
    for place, label in enumerate(labels):
        if label in known:
            found[known.index(label)] = FURTHER if question == TOPICS and place else 1.0
    if question == TOPICS:
        found = (1 - SMOOTHING) * found / found.sum() + SMOOTHING / len(known)
    return found


def batches(lessons: Sequence[Lesson], budget: int, rng: Rng) -> Iterator[Batch]:
    """Draw batches of at most ``budget`` tokens for ever, of like length together."""
    while True:
        groups: list[list[Lesson]] = []
        shuffled = [lessons[i] for i in rng.permutation(len(lessons))]
        for start in range(0, len(shuffled), POOL):
            pool = shuffled[start : start + POOL]
            rows = _grouped([each.length for each in pool], budget)
            groups.extend([pool[row] for row in group] for group in rows)
        for i in rng.permutation(len(groups)):
            yield collate([(seen(each, rng), each.targets) for each in groups[i]])


def whole_batches(
    lessons: Sequence[Lesson], budget: int
) -> Iterator[tuple[npt.NDArray[np.intp], Batch]]:
    """Gather whole stories, of like length together, with the rows that they have."""
    for rows in _grouped([each.length for each in lessons], budget):
        whole = [[*lessons[row].headline, *lessons[row].text][:LONGEST] for row in rows]
        yield np.array(rows), collate([(tokens, _NOTHING) for tokens in whole])


def _grouped(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Group rows of like length, so that padded they hold at most ``budget`` tokens."""
    group: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):  # the longest so far
        if group and (len(group) + 1) * (lengths[row] + 2) > budget:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def seen(lesson: Lesson, rng: Rng) -> list[int]:
    """Take a story's tokens as it may be met."""
    head = [] if lesson.text and rng.random() < UNTITLED else lesson.headline
    text = lesson.text
    if len(text) > SHORTEST and rng.random() < CUT_OFF:
        text = text[: int(rng.integers(SHORTEST, len(text) + 1))]
    return [*head, *text][:LONGEST]


def collate(rows: Sequence[tuple[Sequence[int], Mapping[str, npt.NDArray[np.float32]]]]) -> Batch:
    """Pad rows of tokens to one length, and stack their targets."""
    shape = (len(rows), 2 + max(len(tokens) for tokens, _ in rows))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    for row, (tokens, _) in enumerate(rows):
        ids[row, : len(tokens) + 2] = [CLS, *tokens, SEP]
        mask[row, : len(tokens) + 2] = True
    questions = rows[0][1].keys()
    return Batch(ids, mask, {name: np.stack([own[name] for _, own in rows]) for name in questions})
