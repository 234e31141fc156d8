from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
import torch

from pipeline.optimiser import MEANS, Losses, placed


class Inner(NamedTuple):
    rows: np.ndarray
    name: str


class Outer(NamedTuple):
    inner: Inner
    targets: dict[str, np.ndarray]
    count: int


def test_losses_are_told_by_the_hundred_and_the_rest_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    losses = Losses("teach", 2 * MEANS + 50)
    for step in range(2 * MEANS + 50):
        losses.add(torch.tensor(float(step // MEANS), requires_grad=True))
    assert losses.close() == [0.0, 1.0, 2.0]
    assert f"teach: step {2 * MEANS}, loss 1.0000" in capsys.readouterr().err


def test_arrays_are_placed_wherever_they_are_nested() -> None:
    rows = np.arange(6).reshape(2, 3)
    found = placed(Outer(Inner(rows, "a"), {"topics": rows}, 2), torch.device("cpu"))
    assert isinstance(found, Outer) and isinstance(found.inner, Inner)
    assert (found.inner.name, found.count) == ("a", 2)
    for tensor in (found.inner.rows, found.targets["topics"]):
        assert torch.equal(tensor, torch.from_numpy(rows))
