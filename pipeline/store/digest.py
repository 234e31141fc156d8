"""SHA-256 of texts and files: what vectors and bundle files are known by."""

from __future__ import annotations

import hashlib
from pathlib import Path


def text_key(text: str) -> bytes:
    """Return the 32-byte SHA-256 of ``text`` in UTF-8: the name of its vector."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def file_sha256(path: Path) -> str:
    """Hash a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
