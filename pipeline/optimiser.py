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


def teach(
    network: Any, optimiser: tuple[Any, Any], losses: Iterable[Any], steps: int, name: str
) -> list[float]:
    """Take a step for every loss, each computed when its turn comes; progress is on stderr.

    Losses stay where they are for a hundred steps: fetching each would hold a GPU up.

    :param network: what is taught, a ``torch.nn.Module``.
    :param optimiser: of its parameters, with its schedule.
    :param losses: tensors of one value, as many as ``steps``.
    :param name: what progress is shown under.
    :returns: the mean loss of every hundred steps, the last of as many as are left.
    """
    import torch

    adamw, schedule = optimiser
    means: list[float] = []
    last: list[Any] = []
    bar = tqdm(losses, desc=name, total=steps, unit="step", file=sys.stderr, disable=None)
    for step, loss in enumerate(bar, start=1):
        adamw.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adamw.step()
        schedule.step()
        last.append(loss.detach())
        if len(last) == MEANS or step == steps:
            means.append(sum(each.item() for each in last) / len(last))
            last = []
            bar.set_postfix(loss=f"{means[-1]:.4f}")
            if bar.disable:
                sys.stderr.write(f"{name}: step {step}, loss {means[-1]:.4f}\n")
    return means


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
