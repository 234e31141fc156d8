"""Encoders that cost nothing: vectors from hashed words, so that like texts are alike."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from pipeline.store.vectors import Vectors

WIDTH = 16


class HashedEncoder:
    """Sums a fixed random vector for every word; ``seen`` lists every text that reached it."""

    fingerprint = "hashed@0"

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        rows = np.array([self._vector(text) for text in texts], dtype=np.float32)
        return rows.reshape(len(texts), WIDTH)

    @staticmethod
    def _vector(text: str) -> Vectors:
        total = np.full(WIDTH, 0.01)
        for word in text.lower().split():
            digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
            total += np.frombuffer(digest[:WIDTH], dtype=np.uint8) / 128.0 - 1.0
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)
