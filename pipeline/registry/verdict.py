"""What becomes of the champion, and why: for a person or a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

import msgspec
from msgspec import Struct

from pipeline.plain import scalar, visible
from pipeline.registry.versions import CHAMPION, Version
from pipeline.render.table import console_for

if TYPE_CHECKING:
    from pipeline.options import PlainFormat
    from pipeline.registry.promotion import Difference


class Verdict(Struct, frozen=True):
    """What becomes of the alias, and why; ``figures`` are empty where nothing was measured."""

    candidate: Version
    champion: Version | None
    moves: bool
    reason: str
    figures: tuple[Any, ...] = ()


def write_verdict(
    out: TextIO, verdict: Verdict, applied: bool, kind: PlainFormat, terminal: bool
) -> None:
    """Write what was found, and what became of the alias."""
    if kind == "json":
        fields: dict[str, Any] = {
            "candidate": verdict.candidate.number,
            "champion": verdict.champion.number if verdict.champion else None,
            "moves": verdict.moves,
            "applied": applied and verdict.moves,
            "reason": verdict.reason,
            "figures": msgspec.to_builtins(verdict.figures),
        }
        out.write(scalar(json.dumps(fields, ensure_ascii=False, indent=2)) + "\n")
        return
    from rich.table import Table
    from rich.text import Text

    console = console_for(out, terminal)
    console.print(Text(f"candidate  {_described(verdict.candidate)}"))
    if verdict.champion is not None:
        console.print(Text(f"champion   {_described(verdict.champion)}"))
    if verdict.figures:
        table = Table(box=None, padding=(0, 2, 0, 0))
        for heading in ("on real news", "items", "champion", "candidate", "difference", "95%"):
            table.add_column(heading, justify="left" if heading == "on real news" else "right")
        for one in verdict.figures:
            table.add_row(*_cells(one))
        console.print(table)
    console.print(Text(_conclusion(verdict, applied), "bold"))


def _described(version: Version) -> str:
    commit = version.tags.get("git.commit", "")[:7]
    dirty = "+" if version.tags.get("git.dirty") == "true" else ""
    named = version.tags.get("dvc.experiment", "")
    return visible(" ".join(part for part in (version.label, commit + dirty, named) if part))


def _cells(one: Difference) -> tuple[str, ...]:
    from pipeline.registry.promotion import NAMES

    return (
        NAMES[one.metric],
        str(one.items),
        f"{one.champion:.3f}",
        f"{one.candidate:.3f}",
        f"{one.difference:+.3f}",
        f"[{one.low:+.3f}, {one.high:+.3f}]",
    )


def _conclusion(verdict: Verdict, applied: bool) -> str:
    alias = f"{verdict.candidate.name}@{CHAMPION}"
    if not verdict.moves:
        stays = f" stays version {verdict.champion.number}" if verdict.champion else " stays unset"
        return f"{alias}{stays}: {verdict.reason}"
    done = "is now" if applied else "would be"
    note = "" if applied else " (nothing was changed: add --apply)"
    return f"{alias} {done} version {verdict.candidate.number}: {verdict.reason}{note}"
