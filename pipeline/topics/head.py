"""The topic head: logistic regression on a story's vector, leaning on the topics' descriptions.

A story's scores are a softmax over topics; a global logistic curve (Platt 1999), fitted on held-
out folds, turns each into the probability that it is the main one. Second topics teach too, with a
lower weight than the main one. The curve is monotone, so the main topic is the one with the
highest probability. Texts that are no news teach a class of their own, whose share of a story goes
to no topic; a story whose best topic is less probable than ``uncertain`` is marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from pipeline.errors import UsageError
from pipeline.params import TopicParams
from pipeline.store.atomic import write_bytes
from pipeline.store.bundle import Bundle
from pipeline.store.layout import TOPIC_HEAD
from pipeline.store.models import load_estimator, save_estimator
from pipeline.store.tensors import read_tensors, write_tensors
from pipeline.store.vectors import Vectors

Scores = npt.NDArray[np.float64]


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers and names beside the estimator; ``curve`` is slope and intercept."""

    labels: tuple[str, ...]
    description_weight: float
    curve: tuple[float, float]
    min_score: float
    uncertain: float


class TopicHead:
    """A fitted head over ``k`` topics; ``prototypes`` (k, d) are their descriptions' vectors."""

    def __init__(self, model: Any, prototypes: Vectors, settings: Settings) -> None:
        self.model = model
        self.prototypes = prototypes
        self.settings = settings

    @property
    def labels(self) -> tuple[str, ...]:
        """The topic keys, in the order of the columns of :meth:`probabilities`."""
        return self.settings.labels

    @property
    def min_score(self) -> float:
        """The probability from which a further topic is named."""
        return self.settings.min_score

    @property
    def uncertain(self) -> float:
        """The probability below which the best topic is no more than a guess."""
        return self.settings.uncertain

    def probabilities(self, vectors: Vectors) -> Scores:
        """Return the probability that a topic is the main one, for each, of ``n`` stories.

        :param vectors: shape (n, d).
        :returns: shape (n, k).
        """
        slope, intercept = self.settings.curve
        logits = _logits(self.model, vectors, self.prototypes, self.settings.description_weight)
        return np.asarray(1.0 / (1.0 + np.exp(-(slope * _margin(logits) + intercept))))

    @classmethod
    def fit(
        cls,
        vectors: Vectors,
        topics: Sequence[tuple[str, ...]],
        folds: Sequence[int],
        descriptions: Mapping[str, Vectors],
        params: TopicParams,
        judged: npt.NDArray[np.bool_] | None = None,
        weights: Scores | None = None,
        outside: Vectors | None = None,
    ) -> TopicHead:
        """Fit on ``n`` stories.

        :param vectors: shape (n, d).
        :param topics: keys of each story, the main one first.
        :param folds: views of one article, and near-duplicates, share a fold.
        :param descriptions: for a topic, vectors of shape (m, d) of what it means; a topic
            without any leans on nothing.
        :param judged: the stories, shape (n,), that set the probabilities right; by default all.
        :param weights: what each story counts, shape (n,); by default all the same.
        :param outside: vectors of texts that are no news, shape (m, d).
        :raises UsageError: fewer than two topics.
        """
        labels = tuple(sorted({topic for own in topics for topic in own}))
        if len(labels) < 2:
            raise UsageError("the corpus has fewer than two topics: there is nothing to learn")
        prototypes = _prototypes(labels, descriptions, vectors.shape[1])
        own_fold = np.asarray(folds)
        counts = np.ones(len(topics)) if weights is None else weights
        none = np.zeros((0, vectors.shape[1]), np.float32) if outside is None else outside
        margins = np.zeros((len(topics), len(labels)))
        for fold in np.unique(own_fold):
            held = own_fold == fold
            rest = ~held if (~held).any() else held
            others = [topics[int(i)] for i in np.flatnonzero(rest)]
            model = _fit(vectors[rest], others, counts[rest], none, labels, params)
            margins[held] = _margin(
                _logits(model, vectors[held], prototypes, params.description_weight)
            )
        main = np.array([[label == own[0] for label in labels] for own in topics])
        by = np.full(len(topics), True) if judged is None else judged
        curve = _curve(margins[by], main[by])
        settings = Settings(
            labels, params.description_weight, curve, params.min_score, params.uncertain
        )
        return cls(_fit(vectors, topics, counts, none, labels, params), prototypes, settings)

    def save(self, folder: Path) -> None:
        """Write the head as a folder of files."""
        save_estimator(folder / "topic.skops", self.model)
        write_tensors(folder / "prototypes.safetensors", {"prototypes": self.prototypes})
        write_bytes(folder / "settings.json", msgspec.json.encode(self.settings) + b"\n")

    @classmethod
    def load(cls, bundle: Bundle) -> TopicHead:
        """Read the head of a bundle."""
        folder = bundle.folder / TOPIC_HEAD
        return cls(
            load_estimator(folder / "topic.skops"),
            read_tensors(folder / "prototypes.safetensors")["prototypes"],
            msgspec.json.decode((folder / "settings.json").read_bytes(), type=Settings),
        )


def _prototypes(labels: Sequence[str], descriptions: Mapping[str, Vectors], width: int) -> Vectors:
    rows = np.zeros((len(labels), width), dtype=np.float32)
    for i, label in enumerate(labels):
        if label in descriptions:
            mean = descriptions[label].mean(axis=0)
            rows[i] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return rows


def _fit(
    vectors: Vectors,
    topics: Sequence[tuple[str, ...]],
    counts: Scores,
    outside: Vectors,
    labels: Sequence[str],
    params: TopicParams,
) -> Any:
    """Fit the regression; a story stands once for each of its topics, as much as it counts.

    The class after the last topic is that of no news.
    """
    from sklearn.linear_model import LogisticRegression

    pairs = [(i, label, place) for i, own in enumerate(topics) for place, label in enumerate(own)]
    rows = np.concatenate([vectors[[i for i, _, _ in pairs]], outside])
    weight = [counts[i] * (params.second_weight if place else 1.0) for i, _, place in pairs]
    weight += [1.0] * len(outside)
    target = [labels.index(label) for _, label, _ in pairs] + [len(labels)] * len(outside)
    model = LogisticRegression(C=params.regularisation, max_iter=2000, random_state=params.seed)
    return model.fit(rows, target, sample_weight=weight)


def _logits(model: Any, vectors: Vectors, prototypes: Vectors, weight: float) -> Scores:
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


def _margin(logits: Scores) -> Scores:
    """Return the log-odds of each topic against all else, shape (n, k)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    share = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    share = np.clip(share[:, :-1], 1e-9, 1 - 1e-9)
    return np.asarray(np.log(share) - np.log1p(-share))


def _curve(margins: Scores, main: npt.NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e6, max_iter=1000).fit(margins.reshape(-1, 1), main.ravel())
    return round(float(curve.coef_[0, 0]), 9), round(float(curve.intercept_[0]), 9)
