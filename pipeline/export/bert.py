"""What of a BERT goes into a graph: its arrays by the names of the first implementation.

Only the form that most small sentence encoders have is read: absolute positions, the exact GELU,
one segment. Anything else is left to sentence-transformers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
State = Mapping[str, Floats]


class Bert(NamedTuple):
    """A BERT: ``state`` by name, without prefix, and its form."""

    state: State
    heads: int
    layers: int
    epsilon: float

    @property
    def width(self) -> int:
        """The length of a state."""
        return len(self.state["embeddings.LayerNorm.bias"])

    @property
    def words(self) -> Floats:
        """The embedding of each token of the vocabulary, shape (v, d)."""
        return self.state["embeddings.word_embeddings.weight"]

    @property
    def positions(self) -> Floats:
        """The embedding of each position in the first segment, shape (n, d)."""
        segment = self.state["embeddings.token_type_embeddings.weight"][0]
        return np.asarray(self.state["embeddings.position_embeddings.weight"] + segment)


def bert_of(model: Any) -> Bert | None:
    """Read a transformers model; none if it is no BERT of the form that is known here."""
    config = model.config
    known = (
        getattr(config, "model_type", "") == "bert"
        and getattr(config, "hidden_act", "") == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not getattr(config, "is_decoder", False)
    )
    if not known:
        return None
    state = {k: v.detach().cpu().float().numpy() for k, v in model.state_dict().items()}
    return Bert(state, config.num_attention_heads, config.num_hidden_layers, config.layer_norm_eps)
