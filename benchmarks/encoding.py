"""One encoder for all methods: each text is encoded once, and each method is charged for its own.

A method that comes second finds its texts encoded already. So that the order of the methods does
not matter, the seconds of every text are kept, and charged to each method that asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from pipeline.encoder import Encoder, MemoEncoder
from pipeline.store.digest import text_key
from pipeline.store.vectors import Vectors


class _Clock:
    """Times an encoder; a batch's seconds are shared among its texts by their length."""

    def __init__(self, inner: Encoder) -> None:
        self.inner = inner
        self.costs: dict[bytes, float] = {}

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        begun = perf_counter()
        vectors = self.inner.encode(texts)
        each = (perf_counter() - begun) / max(1, sum(len(text) + 1 for text in texts))
        self.costs.update((text_key(text), each * (len(text) + 1)) for text in texts)
        return vectors


class SharedEncoder:
    """Encodes each text once for everybody, and keeps the books.

    :param squeeze: make white space one blank first. Word-piece vocabularies ignore it, so the
        vectors are the same, and methods that join sentences by a blank, by a line end or by
        nothing share them.
    """

    def __init__(self, inner: Encoder, squeeze: bool = False) -> None:
        self.inner = inner
        self.squeeze = squeeze
        self.forget()

    @property
    def fingerprint(self) -> str:
        """The inner encoder's."""
        return self.inner.fingerprint

    def forget(self) -> None:
        """Drop all vectors, so that memory stays bounded, and open a new account."""
        self._clock = _Clock(self.inner)
        self._memo = MemoEncoder(self._clock)
        self.open_account()

    def open_account(self) -> None:
        """Charge from nothing again: another method begins.

        ``charged`` are the seconds that encoding costs it, each text once; ``spent`` those that
        have gone by in here meanwhile.
        """
        self.charged = self.spent = 0.0
        self._seen: set[bytes] = set()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``n`` texts into shape ``(n, d)``, float32, rows of length 1."""
        begun = perf_counter()
        if self.squeeze:
            texts = [" ".join(text.split()) for text in texts]
        vectors = self._memo.encode(texts)
        for key in {text_key(text) for text in texts} - self._seen:
            self._seen.add(key)
            self.charged += self._clock.costs[key]
        self.spent += perf_counter() - begun
        return vectors
