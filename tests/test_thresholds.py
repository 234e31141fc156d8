"""Thresholds tried on held-out scores: the figures are those of scikit-learn, the best wins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import precision_recall_fscore_support

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.thresholds import (
    TIE,
    Trial,
    best_threshold,
    candidates_of,
    read_trials,
    try_thresholds,
    write_trials,
)

SCORES = arrays(np.float64, (12, 3), elements=st.floats(0, 1, width=16))
GOLD = arrays(np.bool_, (12, 3))


@given(SCORES, GOLD, st.lists(st.sampled_from([0.1, 0.25, 0.5, 0.75]), min_size=1))
def test_figures_are_micro_averages_and_the_best_is_chosen(
    scores: np.ndarray, gold: np.ndarray, given_: list[float]
) -> None:
    candidates = candidates_of(given_)
    assert list(candidates) == sorted(set(given_))
    main = scores == scores.max(axis=1, keepdims=True)
    trials = try_thresholds(candidates, scores, gold, main)
    for trial in trials:
        named = (scores >= trial.min_score) | main
        if gold.any():
            expected = precision_recall_fscore_support(
                gold, named, average="micro", zero_division=0
            )
            assert (trial.precision, trial.recall, trial.f1) == pytest.approx(
                expected[:3], abs=1e-6
            )
    best = best_threshold(trials)
    top = max(t.f1 for t in trials)
    assert [t for t in trials if t.min_score == best and t.f1 >= top - TIE]
    assert all(t.f1 < top - TIE for t in trials if t.min_score > best)


def test_labels_without_a_score_are_missed() -> None:
    scores, gold = np.array([0.9, 0.6, 0.2]), np.array([True, False, True])
    (trial,) = try_thresholds((0.5,), scores, gold, beyond=2)
    assert (trial.precision, trial.recall) == (0.5, 0.25)
    assert trial.f1 == pytest.approx(2 * 1 / (2 + 4), abs=1e-6)


def test_nothing_to_name_and_nothing_named_is_perfect() -> None:
    none = np.zeros(3)
    assert try_thresholds((0.5,), none, none > 1) == (Trial(0.5, 1.0, 1.0, 1.0),)


def test_of_thresholds_as_good_the_highest_is_chosen() -> None:
    measured = {0.2: 0.8862, 0.3: 0.8866, 0.45: 0.8864, 0.5: 0.8852, 0.7: 0.87}
    trials = [Trial(least, 0.5, 0.5, f1) for least, f1 in measured.items()]
    assert best_threshold(trials) == 0.45
    assert best_threshold(trials[::-1]) == 0.45
    assert best_threshold(trials[:1]) == 0.2


def test_trials_survive_a_round_trip(tmp_path: Path) -> None:
    trials = (Trial(0.1, 0.5, 0.25, 0.333333), Trial(0.2, 1.0, 0.0, 0.0))
    path = tmp_path / "topic.json"
    with pytest.raises(MissingArtifactError, match="dvc repro train"):
        read_trials(path)
    write_trials(path, trials)
    assert read_trials(path) == trials
    path.write_text("{}")
    with pytest.raises(CorruptArtifactError, match=r"topic\.json"):
        read_trials(path)
