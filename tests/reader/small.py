"""A network of the same form as the real one, small enough to build in a test."""

from __future__ import annotations

from typing import Any

import torch

from pipeline.reader.network import PageNetwork


def small_network(seed: int = 0) -> PageNetwork:
    """Build one with random weights; the vocabulary is the real one's in size."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    config: Any = BertConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return PageNetwork(BertModel(config, add_pooling_layer=False)).eval()
