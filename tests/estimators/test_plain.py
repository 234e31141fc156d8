"""Plain estimators answer as scikit-learn's do, and survive a round trip."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.estimators.blend import Blend
from pipeline.estimators.files import load_estimator, save_estimator
from pipeline.estimators.linear import Linear
from pipeline.estimators.plain import plain, plain_line
from pipeline.estimators.trees import PAIRS, Trees


def rows_of(rng: np.random.Generator, count: int, missing: float) -> Any:
    """Draw rows in which values are tied and some are missing; infinite ones are among them."""
    rows = np.round(rng.normal(size=(count, 5)), 1)
    rows[:, 3] = rng.integers(0, 3, count)
    rows[rng.random(rows.shape) < missing] = np.nan
    rows[rng.random(rows.shape) < 0.02] = np.inf
    return rows


def boosted(seed: int, classes: int, missing: float, count: int = 90) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    rows = rows_of(rng, count, missing)
    target = (np.nan_to_num(rows[:, 0], posinf=1) > rng.normal(size=count)).astype(int)
    target += rng.integers(0, classes - 1, count)
    model = HistGradientBoostingClassifier(max_iter=12, min_samples_leaf=3, random_state=0)
    return model.fit(rows, target), rows_of(rng, 40, missing)


@given(st.integers(0, 10_000), st.integers(2, 5), st.sampled_from([0.0, 0.1, 0.6]))
def test_law_trees_score_as_scikit_learns_to_the_last_bit(
    seed: int, classes: int, missing: float
) -> None:
    fitted, rows = boosted(seed, classes, missing)
    trees = plain(fitted)
    np.testing.assert_array_equal(trees.decision_function(rows), fitted.decision_function(rows))
    np.testing.assert_array_equal(trees.predict(rows), fitted.predict(rows))
    np.testing.assert_allclose(
        trees.predict_proba(rows), fitted.predict_proba(rows), rtol=1e-12, atol=1e-15
    )


def test_values_that_stand_on_a_threshold_go_the_same_way() -> None:
    fitted, _ = boosted(1, 3, 0.0)
    trees = plain(fitted)
    rows = np.tile(np.unique(trees.threshold)[:, None], (1, 5))
    np.testing.assert_array_equal(trees.decision_function(rows), fitted.decision_function(rows))


@pytest.mark.parametrize("count", [0, 1, 6000])
def test_many_rows_are_walked_in_parts(count: int) -> None:
    fitted, _ = boosted(2, 4, 0.1)
    trees = plain(fitted)
    rows = rows_of(np.random.default_rng(0), count, 0.1)
    assert trees.predict_proba(rows).shape == (count, len(trees.classes_))
    if count:
        np.testing.assert_array_equal(trees.decision_function(rows), fitted.decision_function(rows))
    assert 6000 * trees.roots.size > PAIRS


@given(st.integers(0, 10_000), st.integers(2, 5), st.sampled_from([np.float32, np.float64]))
def test_law_a_regression_answers_as_scikit_learns(seed: int, classes: int, kind: type) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(60, 4)).astype(kind)
    target = np.array([f"c{i}" for i in np.arange(60) % classes])
    fitted = LogisticRegression(max_iter=300).fit(rows, target)
    linear = plain(fitted)
    new = rng.normal(size=(20, 4)).astype(kind)
    np.testing.assert_allclose(
        linear.decision_function(new), fitted.decision_function(new), rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(linear.predict_proba(new), fitted.predict_proba(new), atol=1e-6)
    assert list(linear.predict(new)) == list(fitted.predict(new))


def test_a_blend_answers_as_the_voting_of_trees_and_a_line() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 5)).astype(np.float32)
    rows[rng.random(rows.shape) < 0.2] = np.nan
    rows[:, 4] = 1.0
    target = rng.integers(0, 2, 200)
    line = make_pipeline(
        SimpleImputer(keep_empty_features=True), StandardScaler(), LogisticRegression(C=0.01)
    )
    trees = HistGradientBoostingClassifier(max_iter=10, random_state=0)
    voting = VotingClassifier(
        [("trees", trees), ("line", line)], voting="soft", weights=[0.6, 0.4]
    ).fit(rows, target)
    own, steps = voting.estimators_[0], voting.estimators_[1].steps
    blend = Blend(plain(own), plain_line(*(step for _, step in steps)), np.array([0.6]))
    np.testing.assert_allclose(blend.predict_proba(rows), voting.predict_proba(rows), atol=1e-6)


def made(kind: str) -> Any:
    if kind == "trees":
        return plain(boosted(0, 3, 0.1)[0])
    rows = np.arange(12.0).reshape(6, 2)
    names = np.array(["BE", "BE", "FR", "FR", "XK", "XK"])
    linear: Linear = plain(LogisticRegression().fit(rows, names))
    if kind == "linear":
        return linear
    trees: Trees = plain(boosted(0, 2, 0.1)[0])
    two = Linear(np.array([0, 1]), np.ones((1, 5)), np.zeros(1), np.zeros(5))
    return Blend(trees, two, np.array([0.5]))


@pytest.mark.parametrize("kind", ["trees", "linear", "blend"])
def test_what_is_loaded_is_what_was_saved_and_equal_ones_are_equal_files(
    tmp_path: Path, kind: str
) -> None:
    for name in ("one", "two"):
        save_estimator(tmp_path / name, made(kind))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    loaded, model = load_estimator(tmp_path / "one"), made(kind)
    assert type(loaded) is type(model)
    np.testing.assert_array_equal(loaded.classes_, model.classes_)
    width = 2 if kind == "linear" else 5
    rows = np.random.default_rng(0).normal(size=(9, width))
    np.testing.assert_array_equal(loaded.predict_proba(rows), model.predict_proba(rows))


def test_no_estimator_is_kept_as_none(tmp_path: Path) -> None:
    save_estimator(tmp_path / "none", None)
    assert load_estimator(tmp_path / "none") is None


def test_what_is_no_estimator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="make repro"):
        load_estimator(tmp_path / "model.safetensors")
    (tmp_path / "model.safetensors").write_bytes(b"\x80\x04junk")
    with pytest.raises(CorruptArtifactError, match="no safetensors file"):
        load_estimator(tmp_path / "model.safetensors")
    save_estimator(tmp_path / "model.safetensors", made("linear"))
    from pipeline.store.tensors import read_tensors, write_tensors

    tensors = read_tensors(tmp_path / "model.safetensors")
    del tensors["planes"]
    write_tensors(tmp_path / "model.safetensors", tensors)
    with pytest.raises(CorruptArtifactError, match="not a model of this pipeline"):
        load_estimator(tmp_path / "model.safetensors")


def test_an_estimator_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="LinearSVC"):
        plain(LinearSVC())


def test_loading_imports_no_scikit_learn(tmp_path: Path) -> None:
    save_estimator(tmp_path / "model", made("trees"))
    script = (
        "import sys\nfrom pathlib import Path\nimport numpy as np\n"
        "from pipeline.estimators.files import load_estimator\n"
        f"load_estimator(Path({str(tmp_path / 'model')!r})).predict(np.zeros((1, 5)))\n"
        "sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
