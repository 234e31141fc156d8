"""The network that reads a page: the packaged encoder's layers, adapted, with a head a question.

The encoder (all-MiniLM-L6-v2, a BERT of six layers) sees a window of the page as one sequence in
which a mark stands before each unit. From the mark's last state it is asked whether a story
starts there, which role the unit plays and whether the text is cut off in it; the mean state of a
unit's tokens is its vector, trained so that units of one story lie together (Beeferman et al. 1999
put the segmentation question gap by gap; Lukasik et al. 2020 with a BERT over both sides).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import nn

from pipeline.reader.tokens import FORMS
from pipeline.records import UNIT_ROLES


class Batch(NamedTuple):
    """Windows, padded: ``ids``, ``forms`` and ``owner`` of shape (b, t), ``marks`` of shape (u, 2).

    ``owner`` numbers the batch's units (-1: no unit's token); unit ``i``'s mark stands in window
    ``marks[i, 0]`` at position ``marks[i, 1]``. ``mask`` is true where a token is.
    """

    ids: torch.Tensor
    forms: torch.Tensor
    owner: torch.Tensor
    mask: torch.Tensor
    marks: torch.Tensor


class Answers(NamedTuple):
    """Of ``u`` units: ``boundary`` and ``cut_off`` log-odds (u,), ``roles`` (u, 9), ``vectors``."""

    boundary: torch.Tensor
    roles: torch.Tensor
    cut_off: torch.Tensor
    vectors: torch.Tensor


class PageNetwork(nn.Module):  # type: ignore[misc]
    """The encoder with its embeddings as they came, adapted layers, and heads.

    :param encoder: a transformers ``BertModel``.
    """

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)
        self.width = width
        self.encoder = encoder
        self.forms = nn.Embedding(FORMS, width)
        self.boundary = _head(width, 1)
        self.roles = _head(width, len(UNIT_ROLES))
        self.cut_off = _head(width, 1)
        self.alike = nn.Parameter(torch.tensor([6.0, -2.0]))  # cosine to log-odds of one story
        nn.init.normal_(self.forms.weight, std=0.01)

    def forward(self, batch: Batch) -> Answers:
        """Read windows."""
        words = self.encoder.get_input_embeddings()(batch.ids)
        embedded = words + self.forms(batch.forms)
        read = self.encoder(inputs_embeds=embedded, attention_mask=batch.mask.long())
        states = read.last_hidden_state.float()
        marks = states[batch.marks[:, 0], batch.marks[:, 1]]
        return Answers(
            self.boundary(marks).squeeze(-1),
            self.roles(marks),
            self.cut_off(marks).squeeze(-1),
            _means(states, batch.owner, len(batch.marks)),
        )

    def same_story(self, vectors: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Log-odds that unit vectors (n, d) and others (n, d) are of one story, shape (n,)."""
        return self.alike[0] * (vectors * other).sum(-1) + self.alike[1]


def _head(width: int, answers: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width // 2), nn.GELU(), nn.Linear(width // 2, answers))


def _means(states: torch.Tensor, owner: torch.Tensor, units: int) -> torch.Tensor:
    flat = owner.reshape(-1)
    inside = flat >= 0
    sums = torch.zeros(units, states.shape[-1], dtype=states.dtype, device=states.device)
    sums = sums.index_add(0, flat[inside], states.reshape(-1, states.shape[-1])[inside])
    return nn.functional.normalize(sums, dim=-1)
