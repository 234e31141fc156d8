"""The network that reads pages taken apart: its BERT, its forms, its heads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from pipeline.encoder import packaged_fingerprint
from pipeline.export.bert import Bert, Floats
from pipeline.reader.network import fresh_network
from pipeline.reader.weights import ENCODER, load_network
from pipeline.store.digest import file_sha256

HEADS = ("begins", "boundary", "cut_off", "roles")  # in the order of the graph's answers


class PageModel(NamedTuple):
    """What is exported of the network; ``heads`` are two linear maps each, weight and bias."""

    bert: Bert
    forms: Floats
    heads: list[list[tuple[Floats, Floats]]]
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
    heads = [
        [(state[f"{head}.{part}.weight"], state[f"{head}.{part}.bias"]) for part in (0, 2)]
        for head in HEADS
    ]
    fingerprint = f"{packaged_fingerprint()}+{file_sha256(weights)[:16]}"
    return PageModel(bert, state["forms.weight"], heads, fingerprint)
