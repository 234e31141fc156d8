"""The pieces that the reports are set from: tables, figures, figures with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Sequence[str]


def table(header: Row, rows: Sequence[Row]) -> str:
    """Set a table, its first column to the left and the others to the right.

    What others wrote goes through :func:`plain` first.
    """
    rule = ["---", *("---:" for _ in header[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))


def share(value: float | None) -> str:
    """Print a share; a dash where there is none.

    >>> share(0.5), share(None)
    ('0.500', '–')
    """
    return "–" if value is None else f"{value:.3f}"


def bounded(section: Mapping[str, Any], name: str) -> str:
    """Print a figure with its interval.

    >>> bounded({"f1": 0.9, "f1_low": 0.85, "f1_high": 0.95}, "f1")
    '0.900 [0.850, 0.950]'
    """
    if section[name] is None:
        return share(None)
    low, high = section[f"{name}_low"], section[f"{name}_high"]
    return f"{section[name]:.3f} [{low:.3f}, {high:.3f}]"


def plain(text: str) -> str:
    """Keep what others wrote on one line, and from being read as Markdown.

    >>> plain("a *star*\\nand <b>")
    'a \\\\*star\\\\* and \\\\<b\\\\>'
    """
    return "".join(
        f"\\{char}" if char in "\\`*_[]<>|#~" else char for char in " ".join(text.split())
    )
