"""The topic head: logistic regression on a story's vector, leaning on the topics' descriptions.

Where the texts of all stories are at hand, what their words say (:mod:`pipeline.topics.words`) is
added, as much as serves held-out folds best (``fitting.SHARES``).

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
from msgspec import Struct

from pipeline.errors import UsageError
from pipeline.estimators.files import load_estimator, save_estimator
from pipeline.params import TopicParams
from pipeline.store.atomic import write_bytes
from pipeline.store.bundle import Bundle
from pipeline.store.layout import TOPIC_HEAD
from pipeline.store.tensors import read_tensors, write_tensors
from pipeline.store.vectors import Vectors
from pipeline.taxonomy import TopicEntry, medtop
from pipeline.thresholds import Trial, best_threshold, candidates_of, try_thresholds
from pipeline.topics.counts import Count, Counts, count_words
from pipeline.topics.fitting import (
    Flags,
    Lessons,
    best_share,
    fit_folds,
    held_out,
    log_odds,
    margins_of,
    prototypes_of,
)
from pipeline.topics.words import Scores, WordModel

WORDS = "words.safetensors"


class Settings(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Numbers and names beside the estimator; ``curve`` is slope and intercept.

    ``share`` is what the words' scores are multiplied with; ``entries`` are the labels' names and
    ids, and stay empty for IPTC Media Topics.
    """

    labels: tuple[str, ...]
    description_weight: float
    curve: tuple[float, float]
    min_score: float
    uncertain: float
    share: float = 0.0
    entries: tuple[TopicEntry, ...] = ()


class TopicHead:
    """A fitted head over ``k`` topics; ``prototypes`` (k, d) are their descriptions' vectors.

    ``trials`` are the thresholds for further topics that were tried when it was fitted; none where
    it was loaded, or where every story has one topic.
    """

    def __init__(
        self,
        model: Any,
        prototypes: Vectors,
        settings: Settings,
        words: WordModel | None = None,
        trials: Sequence[Trial] = (),
    ) -> None:
        self.model = model
        self.prototypes = prototypes
        self.settings = settings
        self.words = words
        self.trials = tuple(trials)

    @property
    def labels(self) -> tuple[str, ...]:
        """The topic keys, in the order of the columns of :meth:`probabilities`."""
        return self.settings.labels

    @property
    def entries(self) -> tuple[TopicEntry, ...]:
        """The topics with their names and ids, in the same order."""
        return self.settings.entries or tuple(medtop(label) for label in self.labels)

    @property
    def min_score(self) -> float:
        """The probability from which a further topic is named."""
        return self.settings.min_score

    @property
    def uncertain(self) -> float:
        """The probability below which the best topic is no more than a guess."""
        return self.settings.uncertain

    def probabilities(
        self, vectors: Vectors, texts: Sequence[str], count: Count = count_words
    ) -> Scores:
        """Return the probability that a topic is the main one, for each, of ``n`` stories.

        :param vectors: shape (n, d).
        :param texts: what the vectors are of; none are needed where the head weighs no words.
        :returns: shape (n, k).
        """
        logits = log_odds(self.model, vectors, self.prototypes, self.settings.description_weight)
        if self.words is not None:
            logits += self.settings.share * self.words.scores(count(texts))
        return _calibrated(logits, self.settings.curve)

    @classmethod
    def fit(
        cls,
        vectors: Vectors,
        topics: Sequence[tuple[str, ...]],
        folds: Sequence[int],
        descriptions: Mapping[str, Vectors],
        params: TopicParams,
        judged: Flags | None = None,
        weights: Scores | None = None,
        outside: Vectors | None = None,
        words: Counts | None = None,
    ) -> TopicHead:
        """Fit on ``n`` stories.

        :param vectors: shape (n, d).
        :param topics: keys of each story, the main one first. Where every story has one, the head
            names one.
        :param folds: views of one article, and near-duplicates, share a fold.
        :param descriptions: for a topic, vectors of shape (m, d) of what it means; a topic
            without any leans on nothing.
        :param judged: the stories, shape (n,), that set the probabilities right; by default all.
        :param weights: what each story counts, shape (n,); by default all the same.
        :param outside: vectors of texts that are no news, shape (m, d).
        :param words: of the ``n`` stories, then of the ``m`` others, where they are to be weighed.
        :raises UsageError: fewer than two topics.
        """
        labels = tuple(sorted({topic for own in topics for topic in own}))
        if len(labels) < 2:
            raise UsageError("the corpus has fewer than two topics: there is nothing to learn")
        prototypes = prototypes_of(labels, descriptions, vectors.shape[1])
        counts = np.ones(len(topics)) if weights is None else weights
        none = np.zeros((0, vectors.shape[1]), np.float32) if outside is None else outside
        lessons = Lessons(vectors, topics, counts, none, words)
        fitted = fit_folds(lessons, np.asarray(folds), labels, params)
        logits, said = held_out(lessons, np.asarray(folds), prototypes, params, fitted)
        whole, _ = fitted
        main = np.array([[label == own[0] for label in labels] for own in topics])
        by = np.full(len(topics), True) if judged is None else judged
        share, curve = best_share(logits[by], None if said is None else said[by], main[by])
        trials = _try_thresholds(logits, said, share, curve, topics, labels, by, params)
        settings = Settings(
            labels,
            params.description_weight,
            curve,
            best_threshold(trials) if trials else 1.0,
            params.uncertain,
            share,
        )
        weighed = whole.words if share else None
        return cls(whole.regression, prototypes, settings, weighed, trials)

    def named(self, entries: Sequence[TopicEntry]) -> TopicHead:
        """Give the topics names and ids other than those of IPTC Media Topics.

        :param entries: one for every label, or more, in any order.
        """
        known = {entry.key: entry for entry in entries}
        own = tuple(known[label] for label in self.labels)
        settings = msgspec.structs.replace(self.settings, entries=own)
        return TopicHead(self.model, self.prototypes, settings, self.words, self.trials)

    def save(self, folder: Path) -> None:
        """Write the head as a folder of files."""
        save_estimator(folder / "topic.safetensors", self.model)
        write_tensors(folder / "prototypes.safetensors", {"prototypes": self.prototypes})
        write_bytes(folder / "settings.json", msgspec.json.encode(self.settings) + b"\n")
        if self.words is not None:
            self.words.save(folder / WORDS)

    @classmethod
    def load(cls, bundle: Bundle) -> TopicHead:
        """Read the head of a bundle."""
        folder = bundle.folder / TOPIC_HEAD
        settings = msgspec.json.decode((folder / "settings.json").read_bytes(), type=Settings)
        return cls(
            load_estimator(folder / "topic.safetensors"),
            read_tensors(folder / "prototypes.safetensors")["prototypes"],
            settings,
            WordModel.load(folder / WORDS) if settings.share else None,
        )


def _calibrated(logits: Scores, curve: tuple[float, float]) -> Scores:
    slope, intercept = curve
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * margins_of(logits) + intercept))))


def _try_thresholds(
    logits: Scores,
    said: Scores | None,
    share: float,
    curve: tuple[float, float],
    topics: Sequence[tuple[str, ...]],
    labels: Sequence[str],
    by: Flags,
    params: TopicParams,
) -> tuple[Trial, ...]:
    """Try each threshold for further topics on the stories ``by``, by their held-out log-odds."""
    if all(len(own) == 1 for own in topics):
        return ()
    scores = _calibrated((logits if said is None else logits + share * said)[by], curve)
    gold = np.array([[label in own for label in labels] for own in topics])[by]
    main = scores == scores.max(axis=1, keepdims=True)
    return try_thresholds(candidates_of(params.min_score), scores, gold, main)
