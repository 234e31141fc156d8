"""An encoder in front of which the cache stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.cached.keys import entry_key, namespace
from pipeline.cached.lookup import looked_up
from pipeline.encoder import Encoder
from pipeline.store.cache import Cache
from pipeline.store.digest import text_key
from pipeline.store.vectors import Vectors

CODE = ("encoder.py", "serving")


def cached_encoder(encoder: Encoder, cache: Cache | None, digest: str) -> Encoder:
    """Put the cache in front of an encoder, if there is one.

    :param digest: of all that it computes with; its fingerprint names no more than its weights.
    """
    return encoder if cache is None else CachedEncoder(encoder, cache, digest)


class CachedEncoder:
    """An encoder that asks the cache first.

    ``asked`` counts the texts that came, and ``new`` those that were not known.
    """

    def __init__(self, inner: Encoder, cache: Cache, digest: str) -> None:
        self.inner = inner
        self.cache = cache
        self.digest = digest
        self.asked = self.new = 0

    @property
    def fingerprint(self) -> str:
        """The inner encoder's."""
        return self.inner.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``n`` texts into shape ``(n, d)``, float32, rows of length 1."""
        own = namespace(f"{self.fingerprint} {self.digest}", CODE)
        keys = [entry_key(own, text_key(text)) for text in texts]
        self.asked += len(texts)
        if not texts:
            return self.inner.encode(texts)
        rows, new = looked_up(
            self.cache, keys, texts, self.inner.encode, np.ndarray.tobytes, _unpacked
        )
        self.new += new
        return np.stack(rows)


def _unpacked(value: bytes) -> Vectors:
    return np.frombuffer(value, np.float32)
