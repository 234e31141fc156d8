"""How networks are taught: AdamW (Loshchilov and Hutter 2019), its rate rising, then falling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


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
