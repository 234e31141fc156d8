"""Inside a story: spans by role from its units' roles, with what stands inside a unit set apart.

Kickers, datelines and agency credits often share a line with the text they introduce, so their
ends are found by pattern; everything else follows the role model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.records import Part, Role, UnitRole
from pipeline.segment.form import AGENCY
from pipeline.units import KICKER, Unit

PLACE = r"[A-Z][\w'’.-]+(?:[ ,]+(?:[A-Z][\w'’.-]+|d?e[ls]?|of|on|the)){0,4}"
DATE = r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8})"
DATELINE = re.compile(
    rf"(?:{PLACE}(?:, {DATE})? )?\({AGENCY}\) ?(?:[-—–]{{1,2}}|:)(?= )"
    rf"|[A-Z][A-Z'’.-]+(?:[ ,]+[A-Z][\w'’.-]+){{0,4}}(?:, {DATE})? ?(?:[—–]|--| -)(?= )"
)
CREDIT = re.compile(rf"(?:Photo|PHOTO|Photograph|Picture|Image|Credit): {AGENCY}\b")
INTRODUCES: frozenset[UnitRole] = frozenset({"body", "subhead", "headline", "kicker"})


def find_parts(text: str, units: Sequence[Unit], roles: Sequence[UnitRole]) -> tuple[Part, ...]:
    """Turn the roles of a story's units into parts; neighbours on one line with one role join.

    Units with the role of residue (interruptions) are in no part.
    """
    parts: list[Part] = []
    for unit, role in zip(units, roles, strict=True):
        if role == "residue":
            continue
        for part in _pieces(text, unit, role):
            if parts and _joins(parts[-1], part, unit, text):
                part = Part(parts.pop().start, part.end, part.role)
            parts.append(part)
    return tuple(parts)


def _joins(last: Part, part: Part, unit: Unit, text: str) -> bool:
    if last.role != part.role or (unit.breaks and part.start == unit.start):
        return False
    return not text[last.end : part.start].strip()


def _pieces(text: str, unit: Unit, role: Role) -> Iterator[Part]:
    start = unit.start
    if role in INTRODUCES:
        kicker = KICKER.match(text, start, unit.end)
        if kicker and len(kicker.group()) > 3:
            yield Part(start, kicker.end() - 1, "kicker")
            start = _past_space(text, kicker.end(), unit.end)
            role = "body" if role == "kicker" else role
    for pattern, found in ((CREDIT, "credit"), (DATELINE, "dateline")):
        if role not in ("body", "headline", "dateline", "credit"):
            continue
        match = pattern.match(text, start, unit.end)
        if match and match.end() < unit.end:
            yield Part(start, match.end(), "credit" if found == "credit" else "dateline")
            start = _past_space(text, match.end(), unit.end)
            role = "body"
    if start < unit.end:
        yield Part(start, unit.end, role)


def _past_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start
