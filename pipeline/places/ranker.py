"""Focus countries of a story: candidates from its toponyms and its context, ranked by a model.

Each candidate is described by :mod:`pipeline.places.features` and scored with the probability
that it is a focus country: a gradient-boosted classifier, its scores set right by a logistic
curve (Platt 1999) fitted on held-out folds. The context model's best guess is always a candidate,
so that a story without a toponym can still be placed; it is named only where its score allows.
Everything that the features are computed from in training (context model, learned names) is
refitted without the fold at hand, so that the model sees scores as good as it will meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from pipeline.errors import CorruptArtifactError, UsageError
from pipeline.estimators.files import load_estimator, save_estimator
from pipeline.estimators.folds import with_and_without
from pipeline.estimators.plain import plain
from pipeline.estimators.trees import Trees
from pipeline.params import RegionParams
from pipeline.places.context import ContextModel
from pipeline.places.features import (
    FEATURES,
    Matrix,
    Tally,
    feature_rows,
    tally,
)
from pipeline.places.gazetteer import Gazetteer, common_words, compile_names
from pipeline.places.learned import learn_names
from pipeline.places.mentions import Scene, survey
from pipeline.places.records import Name
from pipeline.reading import Sample
from pipeline.records import Country, Span
from pipeline.store.atomic import write_bytes
from pipeline.store.bundle import Bundle
from pipeline.store.layout import REGION_HEAD, require
from pipeline.store.vectors import Vectors
from pipeline.taxonomy import country_name, is_country
from pipeline.threads import one_thread
from pipeline.thresholds import Trial, best_threshold, candidates_of, try_thresholds

TREES = {
    "max_iter": 250,
    "learning_rate": 0.05,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 40,
    "max_features": 0.3,  # drawn anew at every node: log loss on held-out folds 0.218, 0.220 of all
}
EVIDENCE = 0.25  # a toponym speaks for a country that it means with at least this weight
Scores = npt.NDArray[np.float64]


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """What the ranker knows beside its estimators. ``curve`` is slope and intercept."""

    features: tuple[str, ...]
    prior: dict[str, float]
    names: dict[str, Name]
    learned: dict[str, Name]
    curve: tuple[float, float]
    min_score: float


class CountryRanker:
    """A fitted ranker.

    ``trials`` are the thresholds that were tried when it was fitted; none where it was loaded.
    """

    def __init__(
        self,
        context: ContextModel,
        model: Trees | None,
        tables: Tables,
        trials: Sequence[Trial] = (),
    ) -> None:
        self.context = context
        self.model = model
        self.tables = tables
        self.trials = tuple(trials)
        self._gazetteers = (Gazetteer(tables.names), Gazetteer(tables.learned))

    @property
    def min_score(self) -> float:
        """The probability from which a country is named."""
        return self.tables.min_score

    @classmethod
    def fit(
        cls,
        samples: Sequence[Sample | Scene],
        vectors: Vectors,
        countries: Sequence[tuple[str, ...]],
        folds: Sequence[int],
        params: RegionParams,
        spelling: Sequence[str] = (),
        invented: Collection[int] = (),
    ) -> CountryRanker:
        """Fit on labelled stories; those whose text is not at hand come as scenes.

        :param vectors: shape ``(n, d)``, the encoder's of each sample's readable text.
        :param countries: focus countries, the main one first; codes that are no country (``XX``,
            ``EU``) are left out.
        :param folds: a story and its near-duplicates and further views share a fold.
        :param spelling: further texts, whose words in small letters are no cities.
        :param invented: indices of views that no newspaper would print: the trees learn from them,
            and nothing else is counted or set right on them.
        :raises UsageError: lengths differ, or there are fewer than two folds or two countries.
        """
        focus = [tuple(code for code in codes if is_country(code)) for codes in countries]
        if not len(samples) == len(vectors) == len(focus) == len(folds):
            raise UsageError(
                f"{len(samples)} samples, {len(vectors)} vectors, {len(focus)} country lists and "
                f"{len(folds)} folds: the numbers must be equal"
            )
        known = {code for codes in focus for code in codes}
        if len(known) < 2 or len(set(folds)) < 2:
            raise UsageError(
                f"the corpus has {len(known)} countries in {len(set(folds))} folds: "
                "the country ranker needs two of each"
            )
        texts = {
            i: sample.text[sample.story.start : sample.story.end]
            for i, sample in enumerate(samples)
            if isinstance(sample, Sample)
        }
        common = common_words([*texts.values(), *spelling])
        names = compile_names(common)

        def prepare(left_out: int | None) -> CountryRanker:
            rows = [i for i, own in enumerate(folds) if own != left_out and i not in invented]
            part = [focus[i] for i in rows]
            counts = Counter(code for codes in part for code in codes)
            prior = {code: round(counts[code] / len(part), 6) for code in sorted(counts)}
            first = _firsts({i: samples[i] for i in rows})
            learned = learn_names(
                [texts[i] for i in first], [focus[i] for i in first], names, common
            )
            tables = Tables(FEATURES, prior, names, learned, (1.0, 0.0), 1.0)
            return cls(ContextModel.fit(vectors[rows], part), None, tables)

        whole, unseen = with_and_without(prepare, folds)
        x, y, owners = _examples(samples, vectors, focus, folds, unseen)
        model, logits = _fitted(x, y, np.asarray(folds)[owners], params)
        met = ~np.isin(owners, list(invented))
        curve = _curve(logits[met], y[met])
        wanted = sum(len(set(codes)) for i, codes in enumerate(focus) if i not in invented)
        trials = try_thresholds(
            candidates_of(params.min_score),
            _calibrated(logits[met], curve),
            y[met] > 0,
            beyond=wanted - int(y[met].sum()),
        )
        tables = msgspec.structs.replace(
            whole.tables, curve=curve, min_score=best_threshold(trials)
        )
        return cls(whole.context, model, tables, trials)

    @classmethod
    def untaught(cls, params: RegionParams) -> CountryRanker:
        """Return a ranker that names no country: nothing taught it any."""
        least = candidates_of(params.min_score)[0]
        return cls(ContextModel(None), None, Tables(FEATURES, {}, {}, {}, (1.0, 0.0), least))

    @property
    def taught(self) -> bool:
        """Whether it can name a country at all."""
        return self.model is not None

    def candidates(
        self, samples: Sequence[Sample | Scene], vectors: Vectors
    ) -> list[tuple[dict[str, Tally], Matrix]]:
        """Find and describe the candidates of each story."""
        found = []
        for sample, context in zip(samples, self.context.probabilities(vectors), strict=True):
            scene = survey(sample, *self._gazetteers) if isinstance(sample, Sample) else sample
            tallies = tally(scene, context)
            found.append((tallies, feature_rows(scene, tallies, context, self.tables.prior)))
        return found

    def rank(self, samples: Sequence[Sample], vectors: Vectors) -> list[tuple[Country, ...]]:
        """Score every candidate country of each story, best first.

        :param vectors: shape ``(n, d)``, one row a sample.
        :return: for each sample its candidates with probability and evidence, which may be none.
        """
        if self.model is None:
            return [() for _ in samples]
        described = self.candidates(samples, vectors)
        rows = [matrix for tallies, matrix in described if tallies]
        if not rows:
            return [() for _ in described]
        scores = iter(_calibrated(_logits(self.model, np.concatenate(rows)), self.tables.curve))
        ranked = []
        for tallies, _ in described:
            countries = [
                Country(code, country_name(code), round(float(next(scores)), 6), _evidence(t))
                for code, t in tallies.items()
            ]
            ranked.append(tuple(sorted(countries, key=lambda c: -c.score)))
        return ranked

    def named(
        self, countries: Sequence[Country], min_score: float | None = None
    ) -> tuple[Country, ...]:
        """Keep every country above the threshold: the ranker's own, or another."""
        least = self.min_score if min_score is None else min_score
        return tuple(country for country in countries if country.score >= least)

    def save(self, folder: Path) -> None:
        """Write the ranker as a folder of files; an equal ranker gives equal bytes."""
        save_estimator(folder / "context.safetensors", self.context.estimator)
        save_estimator(folder / "ranker.safetensors", self.model)
        tables = msgspec.json.encode(self.tables)
        write_bytes(folder / "tables.json", tables + b"\n")

    @classmethod
    def load(cls, bundle: Bundle) -> CountryRanker:
        """Read from an opened bundle.

        :raises MissingArtifactError: a file is missing.
        :raises CorruptArtifactError: a file is not one that :meth:`save` wrote.
        """
        folder = bundle.folder / REGION_HEAD
        path = require(folder / "tables.json", "make repro")
        try:
            tables = msgspec.json.decode(path.read_bytes(), type=Tables)
        except msgspec.MsgspecError as error:
            raise CorruptArtifactError(f"{path}: {error}; run `make repro`") from error
        if tables.features != FEATURES:
            raise CorruptArtifactError(f"{path} is of another version: run `make repro`")
        context = ContextModel(load_estimator(folder / "context.safetensors"))
        return cls(context, load_estimator(folder / "ranker.safetensors"), tables)


def _firsts(samples: Mapping[int, Sample | Scene]) -> list[int]:
    """Choose one view an article, the first, of those whose text is there."""
    articles: dict[str, int] = {}
    for i, sample in samples.items():
        if isinstance(sample, Sample):
            articles.setdefault(sample.story.article or str(i), i)
    return list(articles.values())


def _examples(
    samples: Sequence[Sample | Scene],
    vectors: Vectors,
    focus: Sequence[tuple[str, ...]],
    folds: Sequence[int],
    unseen: Mapping[int, CountryRanker],
) -> tuple[Matrix, Scores, npt.NDArray[np.int64]]:
    """Describe the candidates of every story as they are met: rows, truth, and whose they are.

    :param unseen: for each fold, what was prepared without it.
    """
    x: list[Matrix] = []
    y: list[float] = []
    owners: list[int] = []
    for fold, ranker in unseen.items():
        held = [i for i, other in enumerate(folds) if other == fold]
        with one_thread():
            described = ranker.candidates([samples[i] for i in held], vectors[held])
        for i, (tallies, matrix) in zip(held, described, strict=True):
            x.append(matrix)
            y.extend(float(code in focus[i]) for code in tallies)
            owners.extend([i] * len(tallies))
    return np.concatenate(x), np.array(y), np.array(owners)


def _boosted(x: Matrix, y: Scores, params: RegionParams) -> Trees:
    from sklearn.ensemble import HistGradientBoostingClassifier

    settings: Mapping[str, Any] = TREES
    model = HistGradientBoostingClassifier(
        **settings,
        l2_regularization=params.regularisation,
        early_stopping=False,
        random_state=params.seed,
    )
    with one_thread():
        fitted: Trees = plain(model.fit(x, y.astype(np.int64)))
    return fitted


def _fitted(
    x: Matrix, y: Scores, groups: npt.NDArray[np.int64], params: RegionParams
) -> tuple[Trees, Scores]:
    """Fit on all examples, and score those of each fold by trees fitted without it."""

    def fitted(left_out: int | None) -> Trees:
        kept = np.ones(len(y), dtype=bool) if left_out is None else groups != left_out
        return _boosted(x[kept], y[kept], params)

    whole, unseen = with_and_without(fitted, groups.tolist())
    logits = np.zeros(len(y))
    for fold, model in unseen.items():
        logits[groups == fold] = _logits(model, x[groups == fold])
    return whole, logits


def _curve(logits: Scores, y: Scores) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    with one_thread():
        curve = LogisticRegression(C=1e6).fit(logits[:, None], y.astype(np.int64))
    return round(float(curve.coef_[0, 0]), 6), round(float(curve.intercept_[0]), 6)


def _calibrated(logits: Scores, curve: tuple[float, float]) -> Scores:
    slope, intercept = curve
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * logits + intercept))))


def _logits(model: Trees, x: Matrix) -> Scores:
    return np.asarray(model.decision_function(x), dtype=np.float64)


def _evidence(tally: Tally) -> tuple[Span, ...]:
    best = max((weight for weight, _ in tally.spans), default=0.0)
    least = min(EVIDENCE, best)
    return tuple(sorted(span for weight, span in tally.spans if weight >= least))
