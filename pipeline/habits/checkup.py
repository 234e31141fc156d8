"""What ``broadsheet doctor`` found, for a person or a program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

import msgspec

from pipeline.habits.doctor import Finding
from pipeline.plain import scalar, visible
from pipeline.render.table import console_for

if TYPE_CHECKING:
    from pipeline.options import PlainFormat

STYLES = {"ok": "green", "problem": "bold red", "skipped": "dim"}


def write_findings(
    out: TextIO, findings: Iterable[Finding], kind: PlainFormat, terminal: bool
) -> int:
    """Write each finding as it comes, and below a problem what to do.

    :returns: the number of problems.
    """
    found: list[Finding] = []
    if kind == "json":
        found.extend(findings)
        plain = [msgspec.to_builtins(finding) for finding in found]
        out.write(scalar(json.dumps(plain, ensure_ascii=False, indent=2)) + "\n")
    else:
        from rich.text import Text

        console = console_for(out, terminal)
        for finding in findings:
            found.append(finding)
            line = Text(f"{finding.status:8}", STYLES[finding.status])
            line.append(f"{finding.check:17}", "bold")
            console.print(line + Text(visible(finding.detail), ""), soft_wrap=True)
            if finding.remedy:
                console.print(Text(f"{'':25}→ {visible(finding.remedy)}"), soft_wrap=True)
    return sum(finding.status == "problem" for finding in found)
