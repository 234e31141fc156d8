"""A reader of pages in front of which the cache stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from safetensors.numpy import load, save

from pipeline.cached.keys import entry_key, namespace
from pipeline.cached.lookup import looked_up
from pipeline.reader.reader import PageUnits, Reader, Reading
from pipeline.store.cache import Cache
from pipeline.store.digest import text_key
from pipeline.units import Unit

CODE = ("cached/reader.py", "encoder.py", "reader", "serving", "units.py")


def cached_reader(reader: Reader, cache: Cache | None, digest: str) -> Reader:
    """Put the cache in front of a reader, if there is one.

    :param digest: of all that it computes with; its fingerprint names no more than its weights.
    """
    return reader if cache is None else CachedReader(reader, cache, digest)


class CachedReader:
    """A reader of pages that asks the cache first."""

    def __init__(self, inner: Reader, cache: Cache, digest: str) -> None:
        self.inner = inner
        self.cache = cache
        self.digest = digest

    @property
    def fingerprint(self) -> str:
        """The inner reader's."""
        return self.inner.fingerprint

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        """Read pages, one :class:`Reading` each, in order."""
        own = namespace(f"{self.fingerprint} {self.digest}", CODE)
        keys = [entry_key(own, _page_key(page)) for page in pages]
        readings, _ = looked_up(self.cache, keys, pages, self.inner.read, _packed, _unpacked)
        return readings


def _page_key(page: PageUnits) -> bytes:
    return text_key(f"{text_key(page.text).hex()} {[tuple(unit) for unit in page.units]}")


def _packed(reading: Reading) -> bytes:
    units = np.array(reading.units, dtype=np.int64).reshape(-1, len(Unit._fields))
    arrays = zip(Reading._fields[1:], reading[1:], strict=True)
    return save({"units": units, **{name: np.ascontiguousarray(rows) for name, rows in arrays}})


def _unpacked(value: bytes) -> Reading:
    found = load(value)
    units = [Unit(a, b, breaks, bool(last)) for a, b, breaks, last in found["units"].tolist()]
    return Reading(units, *(found[name] for name in Reading._fields[1:]))
