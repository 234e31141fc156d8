"""What an entry of the cache is known by."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.serving.network import Export
from pipeline.store.cache import Cache, open_cache
from pipeline.store.digest import file_sha256

ROOT = Path(__file__).parent.parent
LIBRARIES = ("numpy", "onnxruntime", "tokenizers")


def cache_for(export: Export) -> Cache | None:
    """Return the cache, unless it is switched off or the encoder could not be exported.

    What sentence-transformers does with a text hangs on more than what is known of it here.
    """
    return open_cache() if export.card.exported else None


@cache
def namespace(fingerprint: str, code: tuple[str, ...]) -> bytes:
    """Digest all that a result hangs on beside what was read.

    :param fingerprint: of all that is computed with.
    :param code: modules and rooms of the package that take part, by their paths in it.
    """
    files = [
        file
        for name in code
        for file in ([ROOT / name] if name.endswith(".py") else sorted((ROOT / name).glob("*.py")))
    ]
    made_with = [
        *(f"{file.relative_to(ROOT).as_posix()} {file_sha256(file)}" for file in files),
        *(f"{name} {_version(name)}" for name in LIBRARIES),
    ]
    return hashlib.sha256("\n".join((fingerprint, *made_with)).encode()).digest()


def entry_key(own: bytes, content: bytes) -> bytes:
    """Name the entry of some content in a namespace."""
    return hashlib.sha256(own + content).digest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
