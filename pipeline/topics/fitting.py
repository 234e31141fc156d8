"""What a topic head is fitted with: log-odds of vectors and words, held-out folds, the curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.estimators.curve import fit_logistic_curve
from pipeline.estimators.linear import Linear
from pipeline.estimators.plain import plain
from pipeline.params import TopicParams
from pipeline.store.vectors import Vectors
from pipeline.threads import apart, one_thread
from pipeline.topics.counts import Counts
from pipeline.topics.words import Scores, WordModel

SHARES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)  # of the words' scores in the log-odds
Flags = npt.NDArray[np.bool_]


class Lessons(NamedTuple):
    """What is learned from: ``n`` stories, ``m`` texts that are no news, the words of them all."""

    vectors: Vectors
    topics: Sequence[tuple[str, ...]]
    counts: Scores
    outside: Vectors
    words: Counts | None = None

    def of(self, rows: Flags) -> Lessons:
        """Keep some of the stories."""
        topics = [self.topics[int(i)] for i in np.flatnonzero(rows)]
        every = np.concatenate([rows, np.full(len(self.outside), True)])
        words = None if self.words is None else self.words.of(np.flatnonzero(every))
        return Lessons(self.vectors[rows], topics, self.counts[rows], self.outside, words)


class Models(NamedTuple):
    """What is fitted on lessons; no model of words where they have none."""

    regression: Linear
    words: WordModel | None

    @classmethod
    def fit(cls, lessons: Lessons, labels: Sequence[str], params: TopicParams) -> Models:
        """Fit on all of the lessons."""
        words = None if lessons.words is None else fit_words(lessons, labels, params)
        return cls(fit_regression(lessons, labels, params), words)


def fit_folds(
    lessons: Lessons, folds: npt.NDArray[Any], labels: Sequence[str], params: TopicParams
) -> tuple[Models, Mapping[Any, Models]]:
    """Fit on all of the lessons, and on those outside each fold, one a core at once.

    Where there is one fold alone, the first stands in for it. Words are fitted one after another:
    liblinear has one generator for the whole process.
    """
    own = [fold for fold in np.unique(folds) if not (folds == fold).all()]

    def fitted(fold: Any) -> Models:
        taught = lessons if fold is None else lessons.of(folds != fold)
        return Models.fit(taught, labels, params)

    if lessons.words is None:
        whole, *rest = apart(fitted, [None, *own])
    else:
        with one_thread():
            whole, *rest = map(fitted, [None, *own])
    return whole, dict(zip(own, rest, strict=True))


def held_out(
    lessons: Lessons,
    folds: npt.NDArray[Any],
    prototypes: Vectors,
    params: TopicParams,
    fitted: tuple[Models, Mapping[Any, Models]],
) -> tuple[Scores, Scores | None]:
    """Return log-odds of each story by a model that has not seen its fold, and words' scores.

    Both of shape (n, k + 1); no scores without words.

    :param fitted: what :func:`fit_folds` gives.
    """
    whole, others = fitted
    logits = np.zeros((len(lessons.topics), len(prototypes) + 1))
    said = None if lessons.words is None else np.zeros_like(logits)
    for fold in np.unique(folds):
        held = folds == fold
        rest = others.get(fold, whole)
        vectors = lessons.vectors[held]
        logits[held] = log_odds(rest.regression, vectors, prototypes, params.description_weight)
        if said is not None and lessons.words is not None and rest.words is not None:
            said[held] = rest.words.scores(lessons.words.of(np.flatnonzero(held)))
    return logits, said


def best_share(
    logits: Scores, said: Scores | None, main: Flags
) -> tuple[float, tuple[float, float]]:
    """Choose how much words count, by the log loss that is left, and fit the curve for it."""
    if said is None:
        return 0.0, fit_curve(margins_of(logits), main)
    tried = []
    for share in SHARES:
        margins = margins_of(logits + share * said)
        slope, intercept = curve = fit_curve(margins, main)
        odds = slope * margins + intercept
        loss = float(np.logaddexp(0.0, np.where(main, -odds, odds)).mean())
        tried.append((round(loss, 9), share, curve))
    _, share, curve = min(tried)
    return share, curve


def prototypes_of(
    labels: Sequence[str], descriptions: Mapping[str, Vectors], width: int
) -> Vectors:
    """Average each topic's descriptions to length 1, shape (k, width); zeros without any."""
    rows = np.zeros((len(labels), width), dtype=np.float32)
    for i, label in enumerate(labels):
        if label in descriptions:
            mean = descriptions[label].mean(axis=0)
            rows[i] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return rows


def fit_regression(lessons: Lessons, labels: Sequence[str], params: TopicParams) -> Linear:
    """Fit the regression; a story stands once for each of its topics, as much as it counts.

    The class after the last topic is that of no news.
    """
    from sklearn.linear_model import LogisticRegression

    _, topics, counts, outside, _ = lessons
    pairs = [(i, label, place) for i, own in enumerate(topics) for place, label in enumerate(own)]
    rows = np.concatenate([lessons.vectors[[i for i, _, _ in pairs]], outside])
    weight = [counts[i] * (params.second_weight if place else 1.0) for i, _, place in pairs]
    weight += [1.0] * len(outside)
    target = [labels.index(label) for _, label, _ in pairs] + [len(labels)] * len(outside)
    model = LogisticRegression(C=params.regularisation, max_iter=2000, random_state=params.seed)
    fitted: Linear = plain(model.fit(rows, target, sample_weight=weight))
    return fitted


def fit_words(lessons: Lessons, labels: Sequence[str], params: TopicParams) -> WordModel:
    """Fit what the words say, over the same classes."""
    targets = np.zeros((len(lessons.topics) + len(lessons.outside), len(labels) + 1))
    for i, own in enumerate(lessons.topics):
        for place, label in enumerate(own):
            targets[i, labels.index(label)] = params.second_weight if place else 1.0
    targets[len(lessons.topics) :, -1] = 1.0
    weights = np.concatenate([lessons.counts, np.ones(len(lessons.outside))])
    assert lessons.words is not None
    return WordModel.fit(lessons.words, targets, weights, params.seed)


def log_odds(model: Linear, vectors: Vectors, prototypes: Vectors, weight: float) -> Scores:
    """Return log-odds up to a constant, shape (n, k + 1), the last of no news.

    A topic never seen has the description's.
    """
    logits = np.full((len(vectors), len(prototypes) + 1), -np.inf)
    logits[:, :-1] = weight * (vectors @ prototypes.T)
    scores = model.decision_function(vectors)
    if scores.ndim == 1:
        scores = np.stack([-scores, scores], axis=1) / 2
    seen = np.asarray(model.classes_)
    logits[:, seen] = np.where(seen < len(prototypes), logits[:, seen], 0.0) + scores
    return np.asarray(logits)


def margins_of(logits: Scores) -> Scores:
    """Return the log-odds of each topic against all else, shape (n, k)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    share = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    share = np.clip(share[:, :-1], 1e-9, 1 - 1e-9)
    return np.asarray(np.log(share) - np.log1p(-share))


def fit_curve(margins: Scores, main: Flags) -> tuple[float, float]:
    """Fit the logistic curve from margins to how often they are right: slope and intercept.

    Targets are Platt's, a little inside 0 and 1, so that few stories make no certainty.
    """
    right = int(main.sum())
    low, high = 1 / (main.size - right + 2), (right + 1) / (right + 2)
    target = np.where(main.ravel(), high, low)
    scores = np.tile(margins.ravel(), 2)
    answers = np.repeat([True, False], main.size)
    return fit_logistic_curve(scores, answers, np.concatenate([target, 1 - target]))
