from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import BroadsheetError
from pipeline.readme import (
    COMPARED,
    LABELLED,
    SECTIONED,
    comparison_table,
    figures,
    labels_table,
    sections_table,
    with_figures,
)
from pipeline.store.layout import COMPARISON, LABELS_COMPARISON, SECTIONS_CARD

ROOT = Path(__file__).parents[1]


def committed(name: str) -> Any:
    """Read a file as last committed: a run of one's own may have other figures by now."""
    shown = subprocess.run(["git", "show", f"HEAD:{name}"], cwd=ROOT, capture_output=True)
    content = shown.stdout if shown.returncode == 0 else (ROOT / name).read_bytes()
    return json.loads(content)


def test_the_readme_shows_what_the_committed_reports_say() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = figures(committed("reports/metrics.json"), committed("reports/benchmark.json"))
    assert with_figures(readme, table) == readme


def test_the_readme_shows_the_comparison_if_it_was_run() -> None:
    if not (ROOT / COMPARISON).is_file():
        pytest.skip("not run: `make bench`")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = comparison_table(committed(str(COMPARISON)))
    assert with_figures(readme, table, COMPARED) == readme


def test_the_readme_shows_the_labels_compared_if_that_was_run() -> None:
    if not (ROOT / LABELS_COMPARISON).is_file():
        pytest.skip("not run: `make bench`")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = labels_table(committed(str(LABELS_COMPARISON)))
    assert with_figures(readme, table, LABELLED) == readme


def test_the_readme_shows_how_well_sections_are_found() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_figures(readme, sections_table(committed(str(SECTIONS_CARD))), SECTIONED) == readme


def test_a_method_that_is_not_run_on_a_set_has_a_dash_there() -> None:
    rows = [
        {"name": "gold", "methods": {"A": {"f1": 0.5, "accuracy": 0.5}}},
        {"name": "own", "methods": {"A": {"f1": 0.5}, "B": {"f1": 0.75}}},
    ]
    lines = labels_table({"topics": rows[:1], "places": rows}).splitlines()
    assert lines[-2:] == ["| `gold` | **0.500** | – |", "| `own` | 0.500 | **0.750** |"]


def test_each_table_goes_between_its_own_marks() -> None:
    readme = "\n".join(["<!-- figures: begin -->", "<!-- figures: end -->", *COMPARED])
    assert with_figures(readme, "| |", COMPARED).endswith(f"{COMPARED[0]}\n| |\n{COMPARED[1]}")


def test_a_readme_without_marks_is_refused() -> None:
    with pytest.raises(BroadsheetError, match="marks"):
        with_figures("# Broadsheet\n", "| |")
