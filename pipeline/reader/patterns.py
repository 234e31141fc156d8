"""What stands before the text on a line, found by its form.

Encoders that read no context go by this alone. The reader finds such places itself, but was taught
on news where an agency's dateline counted as text, and seldom parts it.
"""

from __future__ import annotations

import re

from pipeline.units import KICKER, Unit

AGENCY = (
    r"(?:AP|AFP|Reuters|REUTERS|EPA(?:-EFE)?|Getty(?: Images)?|Xinhua|PA|dpa|DPA|Bloomberg|Kyodo|"
    r"CNA|ANSA|TASS|Yonhap|PTI|AAP|IANS|ANI|UPI|Associated Press|Agence France[- ]Presse|"
    r"Press Association|Shutterstock|Alamy|Corbis|Rex(?: Features)?|NASA|iStock|SIPA)"
)
PLACE = r"[A-Z][\w'’.-]+(?:[ ,]+(?:[A-Z][\w'’.-]+|d?e[ls]?|of|on|the)){0,4}"
DATE = r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?)"
WIRE = re.compile(rf"(?:{PLACE}(?:, {DATE})? )?\({AGENCY}\) ?(?:[-—–]{{1,2}}|:)(?= )")
DATELINE = re.compile(
    rf"{WIRE.pattern}"
    rf"|[A-Z][A-Z'’.-]+(?:[ ,]+[A-Z][\w'’.-]+){{0,4}}(?:, {DATE})? ?(?:[—–]|--| -)(?= )"
)
CREDIT = re.compile(rf"(?:Photo|PHOTO|Photograph|Picture|Image|Credit): {AGENCY}\b")


def form_cuts(text: str, unit: Unit) -> list[int]:
    """Find where a unit's own text begins behind a kicker, a photo's credit or a dateline.

    >>> form_cuts("OIL: OSLO (Reuters) - It fell", Unit(0, 29, 0, True))
    [5, 22]
    """
    cuts: list[int] = []
    start = unit.start
    for pattern in (KICKER, CREDIT, DATELINE):
        match = pattern.match(text, start, unit.end)
        if match is None or len(match.group()) < 4:
            continue
        start = match.end()
        while start < unit.end and text[start].isspace():
            start += 1
        if start == unit.end:
            break
        cuts.append(start)
    return cuts
