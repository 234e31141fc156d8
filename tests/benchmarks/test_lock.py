"""Installing the other tools changes nothing that is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition(" ;")[0].partition("==")
        found.setdefault(name, set()).add(version)
    return found


def test_the_tools_are_locked_beside_the_versions_that_are_there() -> None:
    bench, run, develop = (pins(f"requirements{part}.lock") for part in ("-bench", "", "-dev"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split("[>=]", item)[0] for item in project["optional-dependencies"]["bench"]}
    assert asked <= set(bench)
    assert set(run) <= set(bench)
    assert all(bench[name] == develop[name] for name in bench.keys() & develop.keys())
