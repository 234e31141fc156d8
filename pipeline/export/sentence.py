"""A sentence-transformers model taken apart: its BERT, its pooling, what it reads of a text."""

from __future__ import annotations

from typing import Any, NamedTuple

from pipeline.encoder import SentenceTransformerEncoder
from pipeline.export.bert import Bert, bert_of
from pipeline.serving.card import Pooling


class SentenceModel(NamedTuple):
    """What is exported of a sentence-transformers model; ``tokenizer`` is the file's JSON."""

    bert: Bert
    pooling: Pooling
    longest: int
    tokenizer: str


def sentence_model(encoder: SentenceTransformerEncoder) -> SentenceModel | None:
    """Take an encoder apart; none if it is more than a BERT whose states are averaged.

    Vectors are scaled to length 1 in any case, so a module that does so may be there or not.
    """
    modules = list(encoder.modules())
    kinds = [type(module).__name__ for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    transformer, pooling = modules[:2]
    bert, mode = bert_of(transformer.model), _pooling(pooling)
    backend = getattr(transformer.tokenizer, "backend_tokenizer", None)
    if bert is None or mode is None or backend is None:
        return None
    if backend.token_to_id("[CLS]") is None or backend.token_to_id("[SEP]") is None:
        return None
    longest = min(transformer.max_seq_length or len(bert.positions), len(bert.positions))
    return SentenceModel(bert, mode, longest, _plain(backend))


def _pooling(module: Any) -> Pooling | None:
    mode = module.get_config_dict().get("pooling_mode")
    return mode if mode in ("mean", "cls") else None


def _plain(backend: Any) -> str:
    """Write a tokenizer as JSON without padding and truncation, which come and go with its use."""
    from tokenizers import Tokenizer

    copy = Tokenizer.from_str(backend.to_str())
    copy.no_padding()
    copy.no_truncation()
    return str(copy.to_str())
