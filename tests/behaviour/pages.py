"""Where the pages that behaviour is tried on come from."""

from __future__ import annotations

from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared"


def shared_example(name: str) -> str:
    """Read a page that lies beside the project, never in it."""
    return (SHARED / "examples" / name).read_text(encoding="utf-8")


def line_of(text: str, offset: int) -> int:
    """Number the line, from 1, that ``offset`` lies on."""
    return text.count("\n", 0, offset) + 1
