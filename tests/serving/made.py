"""Exports that a test can make: of a small network of pages, of a sentence encoder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from pipeline.encoder import packaged_folder
from pipeline.export.bert import bert_of
from pipeline.export.graph import heads_graph, page_graph, story_graph
from pipeline.export.pages import HEADS, head_of
from pipeline.reader.network import PageNetwork
from pipeline.serving import card as names
from pipeline.serving.card import Card, Precision, write_card
from pipeline.serving.words import write_words
from pipeline.store.atomic import write_bytes
from pipeline.store.tensors import write_tensors

CARD = {"model": "small", "fingerprint": "small@1", "reader": "small@2", "exported": True}


def small_export(
    folder: Path, network: PageNetwork, longest: int = 24, precision: Precision = "float32"
) -> Path:
    """Export a small network as if it read stories too; its tokenizer is the real one."""
    bert = bert_of(network.encoder)
    assert bert is not None
    state = {k: v.detach().numpy() for k, v in network.state_dict().items()}
    tokenizer = (packaged_folder() / "tokenizer.json").read_bytes()
    write_bytes(folder / names.TOKENIZER, tokenizer)
    write_words(folder / names.WORDS, bert.words)
    write_bytes(folder / names.STORIES, story_graph(bert, precision))
    write_bytes(folder / names.PAGES, page_graph(bert, head_of(state, "begins"), precision))
    write_bytes(folder / names.HEADS, heads_graph([head_of(state, name) for name in HEADS]))
    tables = {"positions": bert.positions, "forms": state["forms.weight"]}
    write_tensors(folder / names.TABLES, tables)
    form = {"width": bert.width, "longest": longest, "precision": precision}
    write_card(folder, msgspec.convert({**CARD, **form}, Card))
    return folder


def own_encoder(
    folder: Path, kind: Literal["bert", "distilbert"] = "bert", pooling: str = "mean"
) -> str:
    """Write a small sentence-transformers model with random weights; return its folder."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules as models

    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    if kind == "bert":
        config: Any = transformers.BertConfig(**sizes, intermediate_size=32)
        model: Any = transformers.BertModel(config)
    else:
        config = transformers.DistilBertConfig(dim=16, n_layers=2, n_heads=2, hidden_dim=32)
        model = transformers.DistilBertModel(config)
    model.save_pretrained(folder / "raw")
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(str(packaged_folder()))
    tokenizer.save_pretrained(folder / "raw")
    transformer = models.Transformer(str(folder / "raw"), max_seq_length=32)
    pool = models.Pooling(16, pooling_mode=pooling)
    SentenceTransformer(modules=[transformer, pool], device="cpu").save(str(folder / "model"))
    return str(folder / "model")
