"""Is a text one? The odds, from how many boundaries its gaps let expect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.estimators.curve import fit_logistic_curve
from pipeline.segment.decode import probability
from pipeline.segment.form import Matrix


def single_probability(log_odds: Matrix, slope: float, offset: float) -> float:
    """Return the probability that a text is one; a text that cannot be cut surely is.

    :param log_odds: of its gaps, calibrated, shape (n,); the first is not read.
    """
    if not np.isfinite(log_odds[1:]).any():
        return 1.0
    return float(probability(np.asarray(slope * expected_cuts(log_odds) + offset)))


def expected_cuts(log_odds: Matrix) -> float:
    """Log of how many boundaries a text's gaps let expect; the first gap is not read."""
    return float(np.log(np.logaddexp(0.0, log_odds[1:]).sum() + 1e-6))


def fit_single(single: Sequence[bool], log_odds: Sequence[Matrix]) -> tuple[float, float]:
    """Calibrate the odds that a text is one on the boundaries that are expected in it.

    :param single: whether each text is.
    :param log_odds: of each text's gaps, calibrated and out of fold.
    """
    told = [(one, odds) for one, odds in zip(single, log_odds, strict=True) if len(odds) > 1]
    ones = np.array([one for one, _ in told])
    if not told or ones.all() or not ones.any():
        return -1.0, 0.0
    return fit_logistic_curve(np.array([expected_cuts(odds) for _, odds in told]), ones)
