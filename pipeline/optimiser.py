"""How networks are taught: AdamW (Loshchilov and Hutter 2019), its rate rising, then falling.

On a GPU where there is one: no results but those of the frozen stages come from it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm

MEANS = 100  # steps whose losses are told as one


def warmed_adamw(
    body: Iterable[Any], heads: Iterable[Any], rate: float, heads_rate: float, steps: int, warm: int
) -> tuple[Any, Any]:
    """Build the optimiser and its schedule: to the rate within ``warm`` steps, then to zero.

    :param body: parameters that had values before; those that are frozen are passed over.
    """
    import torch

    groups = [
        {"params": [p for p in body if p.requires_grad], "lr": rate},
        {"params": list(heads), "lr": heads_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)

    def share(step: int) -> float:
        left = (steps - step) / max(1, steps - warm)
        return min((step + 1) / warm, max(left, 0.0))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, share)


class Losses:
    """Shows on stderr how training goes, and keeps the mean loss of every hundred steps.

    Losses stay where they are until then: fetching each would hold a GPU up.

    :param name: what progress is shown under.
    """

    def __init__(self, name: str, steps: int) -> None:
        self.name = name
        self._bar = tqdm(total=steps, desc=name, unit="step", file=sys.stderr, disable=None)
        self._steps = 0
        self._last: list[Any] = []
        self._means: list[float] = []

    def add(self, loss: Any) -> None:
        """Count a step with its loss, a tensor of one value."""
        self._steps += 1
        self._last.append(loss.detach())
        self._bar.update()
        if len(self._last) == MEANS:
            self._note()

    def close(self) -> list[float]:
        """End the bar: the mean loss of every hundred steps, the last of as many as are left."""
        if self._last:
            self._note()
        self._bar.close()
        return self._means

    def _note(self) -> None:
        self._means.append(sum(loss.item() for loss in self._last) / len(self._last))
        self._last = []
        self._bar.set_postfix(loss=f"{self._means[-1]:.4f}")
        if self._bar.disable:
            sys.stderr.write(f"{self.name}: step {self._steps}, loss {self._means[-1]:.4f}\n")


def teaching_device() -> Any:
    """Choose where networks are taught; on a GPU products take ten bits of each factor."""
    import torch

    if not torch.cuda.is_available():
        return torch.device("cpu")
    torch.backends.cuda.matmul.allow_tf32 = True
    return torch.device("cuda")


def placed(found: Any, device: Any) -> Any:
    """Put the arrays and tensors within (nested) named tuples and dictionaries on a device."""
    import numpy as np
    import torch

    if isinstance(found, np.ndarray):
        found = torch.from_numpy(found)
    if isinstance(found, torch.Tensor):
        return found.to(device, non_blocking=True)
    if isinstance(found, tuple):
        return type(found)(*(placed(each, device) for each in found))
    if isinstance(found, dict):
        return {name: placed(each, device) for name, each in found.items()}
    return found
