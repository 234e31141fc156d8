"""The network that reads pages taken apart: its BERT, its forms, its heads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from pipeline.encoder import packaged_fingerprint
from pipeline.export.bert import Bert, Floats, State
from pipeline.export.graph import Head
from pipeline.reader.network import fresh_network
from pipeline.reader.weights import ENCODER, load_network
from pipeline.store.digest import file_sha256

HEADS = ("boundary", "cut_off", "roles")  # in the order of their graph's answers


class PageModel(NamedTuple):
    """What is exported of the network.

    ``begins`` is asked of every token, ``heads`` of those at which pieces begin.
    """

    bert: Bert
    forms: Floats
    begins: Head
    heads: list[Head]
    fingerprint: str


def page_model(weights: Path) -> PageModel:
    """Take apart what :mod:`pipeline.adapt` wrote."""
    network = load_network(weights, fresh_network())
    state = {k: v.detach().float().numpy() for k, v in network.state_dict().items()}
    config: Any = network.encoder.config
    bert = Bert(
        {k.removeprefix(ENCODER): v for k, v in state.items() if k.startswith(ENCODER)},
        config.num_attention_heads,
        config.num_hidden_layers,
        config.layer_norm_eps,
    )
    begins, *heads = (head_of(state, name) for name in ("begins", *HEADS))
    fingerprint = f"{packaged_fingerprint()}+{file_sha256(weights)[:16]}"
    return PageModel(bert, state["forms.weight"], begins, heads, fingerprint)


def head_of(state: State, name: str) -> Head:
    """Take a head's two linear maps out of the network's arrays."""
    return [(state[f"{name}.{part}.weight"], state[f"{name}.{part}.bias"]) for part in (0, 2)]
