"""The encoder with a linear head a question, on the vector that stories are known by afterwards.

The vector is the sentence encoder's own, the mean of the last states at length 1, so that the
heads can go when they have done their work: what they taught is in the encoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

SHARP = 12.0  # vectors of length 1 need long weights to be sure of anything


class StoryNetwork(nn.Module):  # type: ignore[misc]
    """An encoder under training.

    :param encoder: a transformers ``BertModel``.
    :param priors: for each question the share of stories that have each label, shape (k,); its
        head begins with them (Lin et al. 2017), lest the first steps learn nothing else.
    """

    def __init__(self, encoder: Any, priors: Mapping[str, npt.NDArray[np.float32]]) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)
        self.encoder = encoder
        self.heads = nn.ModuleDict(
            {name: _head(width, torch.from_numpy(shares)) for name, shares in priors.items()}
        )

    def vectors(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Read ``n`` texts of ``t`` tokens, padded: vectors of length 1, shape (n, d)."""
        states = self.encoder(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        shown = mask[..., None].to(states.dtype)
        return nn.functional.normalize((states * shown).sum(1) / shown.sum(1), dim=-1)

    def answers(self, vectors: torch.Tensor, question: str) -> torch.Tensor:
        """Log-odds of each label of a question, shape (n, k)."""
        found: torch.Tensor = SHARP * self.heads[question](vectors)
        return found


def _head(width: int, shares: torch.Tensor) -> nn.Linear:
    head = nn.Linear(width, len(shares))
    nn.init.normal_(head.weight, std=width**-0.5)
    with torch.no_grad():
        head.bias.copy_(torch.logit(shares, eps=1e-4) / SHARP)
    return head
