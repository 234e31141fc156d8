"""The exported encoder of stories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.encoder import Encoder, SentenceTransformerEncoder
from pipeline.grouping import groups
from pipeline.serving.card import STORIES
from pipeline.serving.network import Export, Network
from pipeline.store.vectors import Vectors


class StoryEncoder:
    """Encodes texts by an exported encoder; nothing is loaded before the first text."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.network = Network(export.folder / STORIES)

    @property
    def fingerprint(self) -> str:
        """Of the encoder that was exported."""
        return self.export.card.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``n`` texts into shape ``(n, d)``, float32, rows of length 1."""
        sequences = self._tokens(texts)
        vectors = np.zeros((len(texts), self.export.card.width), dtype=np.float32)
        for rows in groups([len(ids) for ids in sequences]):
            vectors[rows] = self._pooled([sequences[row] for row in rows])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12))

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        tokenizer = self.export.tokenizer
        first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        room = self.export.card.longest - 2
        encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [[first, *encoding.ids[:room], last] for encoding in encodings]

    def _pooled(self, sequences: Sequence[Sequence[int]]) -> Vectors:
        """Read sequences, the longest first; return one vector each, of any length."""
        lengths = np.array([len(ids) for ids in sequences])
        ids = np.zeros((len(sequences), lengths[0]), dtype=np.int64)
        mask = np.arange(lengths[0]) < lengths[:, None]
        ids[mask] = np.concatenate(sequences)
        (states,) = self.network.run(self.export.embed(ids), lengths)
        if self.export.card.pooling == "cls":
            return np.asarray(states[:, 0])
        shares = (mask / lengths[:, None]).astype(np.float32)
        return np.asarray((shares[:, None, :] @ states)[:, 0])


def open_encoder(export: Export) -> Encoder:
    """Open what encodes stories; sentence-transformers runs what could not be exported.

    :raises MissingArtifactError: there is no export.
    :raises CorruptArtifactError: its card cannot be read.
    """
    card = export.card
    return StoryEncoder(export) if card.exported else SentenceTransformerEncoder(card.model)
