from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks import endurance
from benchmarks.endurance import Figures, Mark, endure, make_pages, table

ROOT = Path(__file__).parents[2]


@pytest.mark.models
def test_a_run_is_killed_and_its_output_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(endurance, "LOOK", 0.02)
    monkeypatch.setattr(endurance, "FROM", 100)
    monkeypatch.setattr(endurance, "MARKS", (100, 200))
    source = tmp_path / "pages.jsonl"
    make_pages(source, 400)
    rows = [msgspec.json.decode(line) for line in source.read_bytes().splitlines()]
    assert [row["id"] for row in rows] == [f"page-{i}" for i in range(400)]
    assert len({row["text"] for row in rows}) > 300
    found = endure(source, tmp_path, ROOT / "models", 400)
    assert found.identical
    assert found.kills
    assert found.marks
    assert 50 < found.marks[0].megabytes <= found.peak < 2_000
    assert found.stories == len((tmp_path / "whole.jsonl").read_bytes().splitlines()) >= 300


def test_growth_is_counted_from_the_first_thousand_pages() -> None:
    marks = [Mark(1_000, 200.0, 10), Mark(2_000, 210.0, 20), Mark(5_000, 190.0, 50)]
    figures = Figures(2, 5_000, 6_000, marks, 215.0, [700, 1_800, 4_000], 50, True)
    assert figures.growth == pytest.approx(0.075)
    assert figures.passed
    assert "grew by 7.5% at most" in table(figures)
    assert "700, 1,800, 4,000 pages" in table(figures)
    assert "labelled in 2 processes" in table(figures)
    assert "| 2,000 | 210 | 0.3 |" in table(figures)


@pytest.mark.parametrize(
    "change",
    [
        {"identical": False},
        {"kills": [700, 1_800]},
        {"peak": 221.0},
        {"marks": []},
    ],
)
def test_what_is_amiss_is_no_pass(change: dict[str, Any]) -> None:
    sound = Figures(2, 5_000, 6_000, [Mark(1_000, 200.0, 10)], 215.0, [1, 2, 3], 50, True)
    assert sound.passed
    assert not msgspec.structs.replace(sound, **change).passed
