"""The exported encoder of stories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.encoder import Encoder, SentenceTransformerEncoder
from pipeline.serving.card import STORIES
from pipeline.serving.network import Export, Floats, Ids
from pipeline.store.vectors import Vectors
from pipeline.threads import in_order


class StoryEncoder:
    """Encodes texts by an exported encoder; nothing is loaded before the first text."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.network = export.network(STORIES)

    @property
    def fingerprint(self) -> str:
        """Of the encoder that was exported, and how it was rounded."""
        return self.export.card.fingerprint + self.export.card.mark

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``n`` texts into shape ``(n, d)``, float32, rows of length 1.

        Each by itself, a core each: nothing is padded, and a text's vector hangs on no other.
        """
        vectors = np.zeros((len(texts), self.export.card.width), dtype=np.float32)
        for row, pooled in enumerate(in_order(self._pooled, self._tokens(texts))):
            vectors[row] = pooled
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12))

    def _pooled(self, ids: Ids) -> Floats:
        (states,) = self.network.run(self.export.embed(ids))
        mean = self.export.card.pooling == "mean"
        return np.asarray(states[0].mean(axis=0) if mean else states[0, 0])

    def _tokens(self, texts: Sequence[str]) -> Iterator[Ids]:
        """Yield each text's ids, shape (1, t), cut to what the encoder reads."""
        tokenizer = self.export.tokenizer
        first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        room = self.export.card.longest - 2
        for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
            yield np.array([[first, *encoding.ids[:room], last]])


def open_encoder(export: Export) -> Encoder:
    """Open what encodes stories; sentence-transformers runs what could not be exported.

    :raises MissingArtifactError: there is no export.
    :raises CorruptArtifactError: its card cannot be read.
    """
    card = export.card
    return StoryEncoder(export) if card.exported else SentenceTransformerEncoder(card.model)
