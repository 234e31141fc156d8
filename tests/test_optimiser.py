from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
import torch

from pipeline.optimiser import MEANS, placed, teach, warmed_adamw


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
    steps = 2 * MEANS + 50
    network = torch.nn.Linear(1, 1)
    optimiser = warmed_adamw([], network.parameters(), 0.0, 0.0, steps, 1)
    losses = (network(torch.zeros(1)).sum() * 0.0 + step // MEANS for step in range(steps))
    assert teach(network, optimiser, losses, steps, "teach") == [0.0, 1.0, 2.0]
    assert f"teach: step {2 * MEANS}, loss 1.0000" in capsys.readouterr().err


def test_each_loss_is_computed_after_the_step_before_it() -> None:
    network = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.ones_(network.weight)
    optimiser = warmed_adamw([], network.parameters(), 0.0, 0.1, 40, 1)
    (mean,) = teach(network, optimiser, (network.weight.sum() ** 2 for _ in range(40)), 40, "teach")
    assert network.weight.abs().item() < 0.3 and mean < 0.7


def test_arrays_are_placed_wherever_they_are_nested() -> None:
    rows = np.arange(6).reshape(2, 3)
    found = placed(Outer(Inner(rows, "a"), {"topics": rows}, 2), torch.device("cpu"))
    assert isinstance(found, Outer) and isinstance(found.inner, Inner)
    assert (found.inner.name, found.count) == ("a", 2)
    for tensor in (found.inner.rows, found.targets["topics"]):
        assert torch.equal(tensor, torch.from_numpy(rows))
