"""From which probability on is a label named? The candidates are tried on held-out folds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from pipeline.errors import CorruptArtifactError
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require

TIE = 0.001  # of F1, by which thresholds do not differ


class Trial(Struct, frozen=True, forbid_unknown_fields=True):
    """What naming labels from ``min_score`` on comes to: micro-averages on held-out stories."""

    min_score: float
    precision: float
    recall: float
    f1: float


def candidates_of(given: float | Sequence[float]) -> tuple[float, ...]:
    """Return the thresholds to be tried, each once, the lowest first.

    >>> candidates_of(0.5), candidates_of([0.5, 0.2, 0.5])
    ((0.5,), (0.2, 0.5))
    """
    return tuple(sorted({given} if isinstance(given, int | float) else set(given)))


def try_thresholds(
    candidates: Sequence[float],
    scores: npt.NDArray[Any],
    gold: npt.NDArray[np.bool_],
    always: npt.NDArray[np.bool_] | None = None,
    beyond: int = 0,
) -> tuple[Trial, ...]:
    """Measure each candidate.

    :param scores: probabilities, shape (n,) or (n, k).
    :param gold: whether the label is right, of the same shape.
    :param always: what is named whatever its score, of the same shape.
    :param beyond: right labels that have no score, and are missed by every candidate.
    """
    trials = []
    for least in candidates:
        named = scores >= least if always is None else (scores >= least) | always
        right = int((named & gold).sum())
        found, wanted = int(named.sum()), int(gold.sum()) + beyond
        trials.append(
            Trial(
                least,
                precision=round(right / found, 6) if found else float(not wanted),
                recall=round(right / wanted, 6) if wanted else 1.0,
                f1=round(2 * right / (found + wanted), 6) if found + wanted else 1.0,
            )
        )
    return tuple(trials)


def best_threshold(trials: Sequence[Trial]) -> float:
    """Return the highest threshold whose F1 is the best, or short of it by :data:`TIE` at most.

    F1 is flat near its best, and which of the candidates has it there is chance; the highest names
    the least that is wrong.
    """
    best = max(trial.f1 for trial in trials)
    return max(trial.min_score for trial in trials if trial.f1 >= best - TIE)


def write_trials(path: Path, trials: Sequence[Trial]) -> None:
    """Write trials as JSON."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(trials), indent=2) + b"\n")


def read_trials(path: Path, command: str = "dvc repro train") -> tuple[Trial, ...]:
    """Read what :func:`write_trials` wrote.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: it is none of its.
    """
    data = require(path, command).read_bytes()
    try:
        return msgspec.json.decode(data, type=tuple[Trial, ...])
    except msgspec.MsgspecError as error:
        raise CorruptArtifactError(f"{path}: {error}; run `{command}`") from error
