"""An encoder in front of which the cache stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.cached.keys import entry_key, namespace
from pipeline.encoder import Encoder
from pipeline.store.cache import Cache
from pipeline.store.digest import text_key
from pipeline.store.vectors import Vectors

AT_ONCE = 64  # texts that are encoded before they are kept
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
        rows = {
            key: np.frombuffer(value, np.float32) for key, value in self.cache.get(keys).items()
        }
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in rows}
        self.asked += len(texts)
        self.new += len(new)
        if not texts:
            return self.inner.encode(texts)
        left = list(new)
        for start in range(0, len(left), AT_ONCE):
            some = left[start : start + AT_ONCE]
            vectors = self.inner.encode([new[key] for key in some])
            found = dict(zip(some, vectors, strict=True))
            self.cache.put({key: vector.tobytes() for key, vector in found.items()})
            rows.update(found)
        return np.stack([rows[key] for key in keys])
