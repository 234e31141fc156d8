"""Text made safe and short for a terminal."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f]"  # C0, DEL and C1: an escape sequence starts with one of them
    r"|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # directions: they can disguise a line
)


def visible(text: str) -> str:
    """Put text on one line, with nothing in it that a terminal would act on.

    >>> visible("red: \\x1b[31m\\tline\\nnext")
    'red: \ufffd[31m line next'
    """
    return _CONTROLS.sub(REPLACEMENT, scalar(" ".join(text.split())))


def scalar(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot hold; no offset changes."""
    return _SURROGATES.sub(REPLACEMENT, text)


def shortened(text: str, limit: int = 160) -> str:
    """Return the first ``limit`` characters on one line, cut at a word, with ``…`` if cut."""
    line = " ".join(text[: 4 * limit].split())
    if len(line) <= limit and len(text) <= 4 * limit:
        return line
    head = line[:limit]
    return head[: head.rfind(" ")] + "…" if " " in head else head + "…"
