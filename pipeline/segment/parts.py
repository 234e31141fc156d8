"""Inside a story: spans by role from its units' roles."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Part, Role, UnitRole
from pipeline.units import Unit


def find_parts(text: str, units: Sequence[Unit], roles: Sequence[UnitRole]) -> tuple[Part, ...]:
    """Turn the roles of a story's units into parts; neighbours on one line with one role join.

    Units with the role of residue (interruptions) are in no part.
    """
    parts: list[Part] = []
    for unit, role in zip(units, roles, strict=True):
        if role == "residue":
            continue
        start = unit.start
        goes_on = parts and parts[-1].role == role and not unit.breaks
        if goes_on and not text[parts[-1].end : start].strip(" \t:"):
            start = parts.pop().start
        parts.append(Part(start, _end(text, unit, role), role))
    return tuple(parts)


def _end(text: str, unit: Unit, role: Role) -> int:
    """Leave the colon that ends a kicker out of it."""
    bare = text[unit.start : unit.end].rstrip(" :")
    return unit.start + len(bare) if role == "kicker" and bare else unit.end
