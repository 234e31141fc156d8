from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import CorruptArtifactError
from pipeline.store.differences import STEPS, read_differences, write_differences


def arrays(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "a": rng.normal(size=(4, 6)).astype(np.float32),
        "b": rng.normal(size=6).astype(np.float32),
        "c": rng.normal(size=(2, 3)).astype(np.float32),
    }


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(1e-3, 10.0))
def test_a_matrix_comes_back_within_half_a_step_of_its_row(
    tmp_path_factory: pytest.TempPathFactory, seed: int, size: float
) -> None:
    before = arrays(seed)
    after = {**before, "a": before["a"] + size * arrays(seed + 1)["a"]}
    path = tmp_path_factory.mktemp("d") / "w.safetensors"
    write_differences(path, after, before)
    found = read_differences(path, before)
    steps = np.abs(after["a"] - before["a"]).max(axis=1, keepdims=True) / STEPS
    assert (np.abs(found["a"] - after["a"]) <= 0.51 * steps + 1e-6).all()


def test_what_did_not_change_is_not_kept_and_what_is_new_is(tmp_path: Path) -> None:
    before = arrays(0)
    after = {**before, "b": before["b"] + 1, "head": np.ones((2, 2), dtype=np.float32)}
    write_differences(tmp_path / "w", after, before)
    found = read_differences(tmp_path / "w", before)
    assert set(found) == {"b", "head"}
    np.testing.assert_allclose(found["b"], before["b"] + 1, atol=1e-3)
    np.testing.assert_array_equal(found["head"], after["head"])


def test_equal_weights_are_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_differences(tmp_path / name, arrays(1), arrays(0))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    write_differences(tmp_path / "w", arrays(1), arrays(0))
    with pytest.raises(CorruptArtifactError, match="git checkout"):
        read_differences(tmp_path / "w", {**arrays(0), "a": np.zeros((5, 6), np.float32)})
