"""Are the labels right: main-topic accuracy, macro-F1, and set scores for topics and countries.

A label that only some annotators gave (``also``) is neither right
nor wrong: predicting it or not changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.evaluate.counts import Counts, total

Labels = tuple[str, ...]
Flags = npt.NDArray[np.bool_]


class Truth(NamedTuple):
    """What one story should be labelled: ``labels`` in order, the main one first.

    ``main`` holds what is accepted as the main label where that is more than the first one.
    """

    labels: Labels
    also: frozenset[str] = frozenset()
    main: Labels = ()

    @property
    def accepted(self) -> Labels:
        """The labels that are right as the main one; empty for a story without labels."""
        return self.main or self.labels[:1]


class LabelScore(NamedTuple):
    """The scores of one label; ``stories`` is how many have it in gold."""

    label: str
    stories: int
    precision: float
    recall: float
    f1: float


class SetScores(NamedTuple):
    """Predicted label sets against gold ones: micro over all decisions, macro over labels."""

    precision: float
    recall: float
    f1: float
    f1_macro: float
    labels: tuple[LabelScore, ...]


def main_right(truths: Sequence[Truth], predicted: Sequence[Labels]) -> Flags:
    """Say of each story with gold labels whether its first predicted one is accepted as main.

    :returns: shape ``(m,)``, ``m`` the number of stories that have gold labels.
    """
    return np.array(
        [
            bool(labels) and labels[0] in truth.accepted
            for truth, labels in zip(truths, predicted, strict=True)
            if truth.accepted
        ],
        dtype=np.bool_,
    )


def main_in_set(truths: Sequence[Truth], predicted: Sequence[Labels]) -> Flags:
    """Say the same, any label that some annotator gave being right; shape ``(m,)``."""
    return np.array(
        [
            bool(labels) and labels[0] in {*truth.accepted, *truth.labels, *truth.also}
            for truth, labels in zip(truths, predicted, strict=True)
            if truth.accepted
        ],
        dtype=np.bool_,
    )


def accuracy_at_coverage(confidence: npt.ArrayLike, right: npt.ArrayLike, share: float) -> float:
    """Return how many are right of the ``share`` of stories with the highest confidence.

    Read over all shares this is the coverage-accuracy (risk-coverage) curve of selective
    classification (Geifman and El-Yaniv 2017).

    >>> accuracy_at_coverage([0.9, 0.8, 0.3, 0.2], [True, True, False, True], 0.75)
    0.6666666666666666
    """
    return float(accuracies_at_coverage(confidence, right, [share])[0])


def accuracies_at_coverage(
    confidence: npt.ArrayLike, right: npt.ArrayLike, shares: Sequence[float]
) -> npt.NDArray[np.float64]:
    """Return the same for several shares, in their order."""
    order = np.argsort(-np.asarray(confidence, dtype=np.float64), kind="stable")
    if not order.size:
        return np.zeros(len(shares))
    kept = np.array([max(1, round(share * len(order))) for share in shares])
    return np.asarray(np.cumsum(np.asarray(right, dtype=np.float64)[order])[kept - 1] / kept)


def main_pairs(truths: Sequence[Truth], predicted: Sequence[Labels]) -> list[tuple[str, str]]:
    """Pair the gold main label of each story that has one with the predicted main label.

    Of several accepted labels the predicted one stands for the gold, else the first; a story
    with no predicted label gets ``""``.
    """
    pairs: list[tuple[str, str]] = []
    for truth, labels in zip(truths, predicted, strict=True):
        if truth.accepted:
            guess = labels[0] if labels else ""
            pairs.append((guess if guess in truth.accepted else truth.accepted[0], guess))
    return pairs


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Average the F1 of every main label that gold holds, each weighing the same; 0 for none."""
    return macro_of_counts(main_counts(pairs)) if pairs else 0.0


def indicators(
    truths: Sequence[Truth], predicted: Sequence[Labels]
) -> tuple[list[str], Flags, Flags]:
    """Spread label sets out as a gold and a predicted matrix, each ``(n, labels)``.

    A predicted label in ``also`` is taken out, so that it counts as neither right nor wrong.
    """
    names = sorted(
        {label for t in truths for label in t.labels} | {x for p in predicted for x in p}
    )
    column = {name: index for index, name in enumerate(names)}
    gold = np.zeros((len(truths), len(names)), dtype=np.bool_)
    found = np.zeros_like(gold)
    for row, (truth, labels) in enumerate(zip(truths, predicted, strict=True)):
        neutral = truth.also - set(truth.labels)
        gold[row, [column[label] for label in truth.labels]] = True
        found[row, [column[label] for label in labels if label not in neutral]] = True
    return names, gold, found


def set_scores(truths: Sequence[Truth], predicted: Sequence[Labels]) -> SetScores:
    """Score label sets; the macro average is over the labels that gold holds."""
    names, gold, found = indicators(truths, predicted)
    counts = [_count(gold[:, column], found[:, column]) for column in range(len(names))]
    labels = tuple(
        LabelScore(name, each.right + each.missed, each.precision, each.recall, each.f1)
        for name, each in zip(names, counts, strict=True)
        if each.right + each.missed
    )
    micro = total(counts)
    macro = sum(label.f1 for label in labels) / len(labels) if labels else micro.f1
    return SetScores(micro.precision, micro.recall, micro.f1, macro, labels)


def set_counts(truths: Sequence[Truth], predicted: Sequence[Labels]) -> npt.NDArray[np.int64]:
    """Count right, wrong and missed labels of each story, shape ``(n, 3)``: for the bootstrap."""
    _, gold, found = indicators(truths, predicted)
    columns = [(gold & found).sum(1), (found & ~gold).sum(1), (gold & ~found).sum(1)]
    return np.stack(columns, axis=1).astype(np.int64)


def main_counts(pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.int64]:
    """Count right, wrong and missed per story and gold main label, shape ``(n, labels, 3)``."""
    names = np.array(sorted({gold for gold, _ in pairs}), dtype=np.str_)
    gold = np.array([pair[0] for pair in pairs], dtype=np.str_)[:, None] == names
    guess = np.array([pair[1] for pair in pairs], dtype=np.str_)[:, None] == names
    stacked = np.stack([gold & guess, guess & ~gold, gold & ~guess], axis=-1)
    return stacked.astype(np.int64)


def macro_of_counts(counts: npt.NDArray[np.int64]) -> float:
    """Average F1 over the labels with gold support in ``counts``, shape ``(n, labels, 3)``."""
    right, wrong, missed = np.moveaxis(counts.sum(axis=0), -1, 0)
    held = (right + missed) > 0
    if not held.any():
        return 0.0
    return float(np.mean(2 * right[held] / (2 * right + wrong + missed)[held]))


def _count(gold: Flags, found: Flags) -> Counts:
    return Counts(int((gold & found).sum()), int((found & ~gold).sum()), int((gold & ~found).sum()))
