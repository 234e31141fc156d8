"""How often the first label is right if only the surest stories are answered.

The coverage-accuracy (risk-coverage) curve of selective classification (Geifman and El-Yaniv
2017), with an interval at every share.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.evaluate import classification as labels
from pipeline.evaluate.answers import Answer, Scored
from pipeline.evaluate.classification import Truth, accuracies_at_coverage
from pipeline.evaluate.intervals import percentile_intervals
from pipeline.params import EvaluateParams

Row = dict[str, Any]
SHARES = tuple(step / 10 for step in range(1, 11))


def topic_coverage(
    truths: Sequence[Truth],
    answers: Sequence[Answer],
    params: EvaluateParams,
    clusters: Sequence[str] | None = None,
) -> list[Row]:
    """Follow the main topic of the stories that have one, a row for each share of them."""
    right = labels.main_right(truths, [answer.topics for answer in answers])
    return _curve(truths, [answer.topic_scores for answer in answers], right, params, clusters)


def country_coverage(
    truths: Sequence[Truth],
    answers: Sequence[Answer],
    params: EvaluateParams,
    clusters: Sequence[str] | None = None,
) -> list[Row]:
    """Follow the first country of the stories that have one, whether or not it is named."""
    right = labels.main_right(
        truths, [tuple(code for code, _ in answer.country_scores[:1]) for answer in answers]
    )
    return _curve(truths, [answer.country_scores for answer in answers], right, params, clusters)


def _curve(
    truths: Sequence[Truth],
    scores: Sequence[Scored],
    right: labels.Flags,
    params: EvaluateParams,
    clusters: Sequence[str] | None,
) -> list[Row]:
    """Read the curve; ``threshold`` is the lowest score among the stories that are answered."""
    asked = [i for i, truth in enumerate(truths) if truth.accepted]
    confidence = np.array([scores[i][0][1] if scores[i] else 0.0 for i in asked])
    own = None if clusters is None else [clusters[i] for i in asked]
    falling = -np.sort(-confidence)

    def accuracies(rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        return accuracies_at_coverage(confidence[rows], right[rows], SHARES)

    intervals = percentile_intervals(
        accuracies,
        len(SHARES),
        len(asked),
        params.bootstrap,
        np.random.default_rng(params.seed),
        clusters=own,
    )
    every = accuracies_at_coverage(confidence, right, SHARES)
    found: list[Row] = []
    for share, accuracy, interval in zip(SHARES, every, intervals, strict=True) if asked else ():
        kept = max(1, round(share * len(asked)))
        found.append(
            {
                "coverage": share,
                "stories": kept,
                "threshold": float(falling[kept - 1]),
                "accuracy": float(accuracy),
                "accuracy_low": interval.low,
                "accuracy_high": interval.high,
            }
        )
    return found
