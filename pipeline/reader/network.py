"""The network that reads a page: the packaged encoder's layers, adapted, with a head a question.

The encoder (all-MiniLM-L6-v2, a BERT of six layers) sees a window of the page as one sequence in
which a mark stands before each unit. Of every word inside a unit it is asked whether a further
piece begins there, a part with another role or another story. Then, from the state where each
piece begins (a unit's mark, or its first word), whether a story starts there, which role the piece
plays and whether the text is cut off in it; the mean state of a piece's tokens is its vector,
trained so that pieces of one story lie together (Beeferman et al. 1999 put the segmentation
question gap by gap; Lukasik et al. 2020 with a BERT over both sides).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import nn

from pipeline.encoder import packaged_encoder
from pipeline.reader.sheets import Batch, Pieces
from pipeline.reader.tokens import FORMS
from pipeline.records import UNIT_ROLES


class Answers(NamedTuple):
    """Of ``p`` pieces: ``boundary`` and ``cut_off`` log-odds (p,), ``roles`` (p, 9), vectors."""

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
        self.begins = _head(width, 1)
        self.boundary = _head(width, 1)
        self.roles = _head(width, len(UNIT_ROLES))
        self.cut_off = _head(width, 1)
        self.alike = nn.Parameter(torch.tensor([6.0, -2.0]))  # cosine to log-odds of one story
        nn.init.normal_(self.forms.weight, std=0.01)

    def states(self, batch: Batch) -> torch.Tensor:
        """Read windows: the last state of every token, shape (b, t, d)."""
        words = self.encoder.get_input_embeddings()(batch.ids)
        embedded = words + self.forms(batch.forms)
        read = self.encoder(inputs_embeds=embedded, attention_mask=batch.mask.long())
        return read.last_hidden_state.float()

    def splits(self, states: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Log-odds that a piece begins at each of the k tokens where one may, shape (k,)."""
        return self.begins(states[batch.begins]).squeeze(-1)

    def answers(self, states: torch.Tensor, pieces: Pieces) -> Answers:
        """Answer for each piece."""
        anchors = states[pieces.anchors[:, 0], pieces.anchors[:, 1]]
        return Answers(
            self.boundary(anchors).squeeze(-1),
            self.roles(anchors),
            self.cut_off(anchors).squeeze(-1),
            _means(states, pieces.owner, len(pieces.anchors)),
        )

    def same_story(self, vectors: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Log-odds that unit vectors (n, d) and others (n, d) are of one story, shape (n,)."""
        return self.alike[0] * (vectors * other).sum(-1) + self.alike[1]


def fresh_network() -> PageNetwork:
    """Build the network over the packaged encoder as it came."""
    return PageNetwork(packaged_encoder())


def _head(width: int, answers: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width // 2), nn.GELU(), nn.Linear(width // 2, answers))


def _means(states: torch.Tensor, owner: torch.Tensor, pieces: int) -> torch.Tensor:
    flat = owner.reshape(-1)
    inside = flat >= 0
    sums = torch.zeros(pieces, states.shape[-1], dtype=states.dtype, device=states.device)
    sums = sums.index_add(0, flat[inside], states.reshape(-1, states.shape[-1])[inside])
    return nn.functional.normalize(sums, dim=-1)
