"""Training the section model, calibrated on scores of texts that the trees have not met.

Every text is laid out in one or more ways; those of one fold are scored by models fitted without
it. What the opening line says is a feature of the trees, so that it is out of fold too. A few
numbers, the calibration, the length evidence and the least probability, are chosen on all those
scores, and the figures are with them.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.encoder import Encoder
from pipeline.errors import BroadsheetError
from pipeline.estimators.curve import fit_logistic_curve
from pipeline.estimators.linear import Linear
from pipeline.estimators.plain import plain
from pipeline.estimators.trees import Trees
from pipeline.params import SectionsParams
from pipeline.sections.model import SectionModel, first_units, unit_edges
from pipeline.sections.prose import Laid
from pipeline.sections.rows import opening_rows, prose_rows, with_opening
from pipeline.sections.settings import Settings
from pipeline.segment.decode import length_evidence
from pipeline.segment.form import Matrix
from pipeline.segment.single import fit_single
from pipeline.units import Unit, find_units

LEASTS = (0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3)
LENGTH_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
AUTHORED = "lines"  # the kind of authors' own sections, each once
LEAST_FOLDS = 3  # of them: one is left out, and one of the others in turn
OPENING_C = 3.0  # of the opening line's logistic regression

Cuts = npt.NDArray[np.int_]


class Lesson(NamedTuple):
    """A text laid out, with the ``n`` units found in it.

    ``kind`` groups texts whose figures go together; ``rows`` (n, c) lack the opening's columns;
    ``cut`` (n,) is 1 where a section starts, but at the first; each gap counts ``weight``.
    """

    kind: str
    fold: int
    units: list[Unit]
    vectors: Matrix
    rows: Matrix
    cut: Cuts
    weight: float


def lesson(laid: Laid, kind: str, fold: int, weight: float, encoder: Encoder) -> Lesson:
    """Prepare a text; a section that starts inside a unit starts with that unit.

    :param weight: of the text, which its gaps share by the root of their number.
    :raises ValueError: there is nothing in the text.
    """
    units = find_units(laid.text)
    if not units:
        raise ValueError("a lesson needs at least one unit")
    pieces = [laid.text[unit.start : unit.end] for unit in units]
    vectors = encoder.encode(pieces)
    begins = [unit.start for unit in units]
    cut = np.zeros(len(units), dtype=np.int_)
    cut[[bisect_right(begins, start) - 1 for start in laid.starts]] = 1
    cut[0] = 0
    rows = prose_rows(pieces, units, vectors)
    return Lesson(kind, fold, units, vectors, rows, cut, weight / np.sqrt(len(units)))


def fit_sections(
    lessons: Sequence[Lesson], params: SectionsParams, fingerprint: str
) -> tuple[SectionModel, dict[str, dict[str, float]]]:
    """Fit the model; also say how well it does on texts it has not met.

    :param fingerprint: of the encoder that the lessons' vectors are by.
    :raises BroadsheetError: fewer than three folds have texts in sections.
    :returns: the model, and by kind of text ``f1``, ``precision`` and ``recall`` out of fold, but
        where there is nothing to cut.
    """
    folds = sorted({each.fold for each in lessons})
    if len({each.fold for each in lessons if each.kind == AUTHORED}) < LEAST_FOLDS:
        raise BroadsheetError(
            "too few articles in sections to learn from: name a larger export under sections.wiki "
            "in params.yaml"
        )
    raw: dict[int, Matrix] = {}
    for fold in folds:
        _say(f"model without fold {fold}")
        rest = [i for i, each in enumerate(lessons) if each.fold != fold]
        own = [i for i, each in enumerate(lessons) if each.fold == fold]
        trees = _fit_trees([lessons[i] for i in rest], unseen(lessons, rest), params)
        opening = _fit_opening([lessons[i] for i in rest])
        for i in own:
            raw[i] = trees.decision_function(
                with_opening(lessons[i].rows, _open(opening, lessons[i]))
            )
    scores = [raw[i] for i in range(len(lessons))]
    every_score = np.concatenate([each[1:] for each in scores])
    slope, offset = fit_logistic_curve(every_score, _cuts(lessons), _weights(lessons))
    log_odds = [slope * each + offset for each in scores]
    evidence = length_evidence([_edges(each) for each in lessons])
    least, weight = _choose(lessons, log_odds, evidence)
    single = fit_single([not each.cut.any() for each in lessons], log_odds)
    every = list(range(len(lessons)))
    model = SectionModel(
        _fit_opening(lessons),
        _fit_trees(lessons, unseen(lessons, every), params),
        evidence,
        Settings(fingerprint, slope, offset, weight, least, *single),
    )
    return model, _figures(lessons, log_odds, evidence, least, weight)


def unseen(lessons: Sequence[Lesson], among: Sequence[int]) -> list[Matrix]:
    """Score the units of some lessons as openings, by lines fitted to the other folds of these."""
    scores: dict[int, Matrix] = {}
    for fold in {lessons[i].fold for i in among}:
        line = _fit_opening([lessons[i] for i in among if lessons[i].fold != fold])
        scores |= {i: _open(line, lessons[i]) for i in among if lessons[i].fold == fold}
    return [scores[i] for i in among]


def _open(line: Linear, lesson: Lesson) -> Matrix:
    return line.decision_function(opening_rows(lesson.vectors))


def _fit_opening(lessons: Sequence[Lesson]) -> Linear:
    """Learn from the vectors on either side of a gap whether a section of its text begins there.

    Of authors' own sections alone: a stretch of another article is told by other signs.
    """
    from sklearn.linear_model import LogisticRegression

    told = [each for each in lessons if each.kind == AUTHORED]
    rows = np.concatenate([opening_rows(each.vectors)[1:] for each in told])
    fitted: Linear = plain(
        LogisticRegression(C=OPENING_C, max_iter=1000).fit(rows, _cuts(told), _weights(told))
    )
    return fitted


def _fit_trees(
    lessons: Sequence[Lesson], openings: Sequence[Matrix], params: SectionsParams
) -> Trees:
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows = [with_opening(a.rows, b)[1:] for a, b in zip(lessons, openings, strict=True)]
    booster: Any = HistGradientBoostingClassifier(
        max_iter=params.iterations,
        learning_rate=params.learning_rate,
        max_leaf_nodes=12,
        min_samples_leaf=20,
        max_features=0.2,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=params.seed,
    )
    fitted: Trees = plain(booster.fit(np.concatenate(rows), _cuts(lessons), _weights(lessons)))
    return fitted


def _cuts(lessons: Sequence[Lesson]) -> Cuts:
    return np.concatenate([each.cut[1:] for each in lessons])


def _weights(lessons: Sequence[Lesson]) -> Matrix:
    weights = np.concatenate([np.full(len(each.cut) - 1, each.weight) for each in lessons])
    return np.asarray(weights / weights.mean())


def _edges(lesson: Lesson) -> tuple[list[int], list[int]]:
    return unit_edges(lesson.units), [0, *map(int, np.flatnonzero(lesson.cut))]


def _choose(
    lessons: Sequence[Lesson], log_odds: Sequence[Matrix], evidence: Matrix
) -> tuple[float, float]:
    """Pick the least probability and the length evidence's weight by F1, a mean over the kinds."""

    def mean_f1(least: float, weight: float) -> float:
        figures = _figures(lessons, log_odds, evidence, least, weight)
        return float(np.mean([own["f1"] for own in figures.values()]))

    chosen = max(product(LEASTS, LENGTH_WEIGHTS), key=lambda pair: mean_f1(*pair))
    _say(f"least probability {chosen[0]}, length evidence weighs {chosen[1]}")
    return chosen


def _figures(
    lessons: Sequence[Lesson],
    log_odds: Sequence[Matrix],
    evidence: Matrix,
    least: float,
    weight: float,
) -> dict[str, dict[str, float]]:
    """Count boundaries by kind of text: found, given, and right."""
    counts: dict[str, Matrix] = {}
    for each, odds in zip(lessons, log_odds, strict=True):
        found = np.zeros(len(odds), dtype=np.int_)
        found[first_units(odds, each.units, evidence, least, weight)] = 1
        found[0] = 0
        own = np.array([found.sum(), each.cut.sum(), (found & each.cut).sum()])
        counts[each.kind] = counts.get(each.kind, np.zeros(3)) + own
    return {
        kind: {
            "f1": round(float(2 * right / max(found + given, 1)), 4),
            "precision": round(float(right / max(found, 1)), 4),
            "recall": round(float(right / max(given, 1)), 4),
        }
        for kind, (found, given, right) in sorted(counts.items())
        if given
    }


def _say(message: str) -> None:
    sys.stderr.write(f"sections: {message}\n")
    sys.stderr.flush()
