from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks.compare import Sizes, compare
from benchmarks.report import TABLES, grid, report, table
from benchmarks.roster import choose
from benchmarks.segmentation import app
from benchmarks.sets import choose_sets
from pipeline.classify import Classifier
from pipeline.readme import comparison_table
from pipeline.store.metrics import read_metrics, write_metrics
from tests.benchmarks.made import listed, newspage, write_pages, write_set
from tests.encoders import HashedEncoder
from tests.evaluate.fakes import fake_classifier

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    write_pages(tmp_path)
    write_set(tmp_path, "wiki50", [listed("a"), listed("b")])
    write_set(tmp_path, "newspage_reuters", [newspage()])
    return tmp_path


@pytest.fixture
def compared(shared: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run our segmenter, a fake that cuts at every line, and the tools that need no package."""
    monkeypatch.setattr(Classifier, "load", lambda models: fake_classifier())
    found = compare(
        shared,
        choose_sets("pages_dev,newspage_reuters,wiki50"),
        choose("broadsheet,u00-lines,every-line,none"),
        Sizes(1, 400),
        shared,
        HashedEncoder(),
    )
    write_metrics(shared / "found.json", found)
    return read_metrics(shared / "found.json")


def test_every_figure_is_there(compared: dict[str, Any]) -> None:
    assert [each["name"] for each in compared["sets"]] == [
        "pages_dev",
        "newspage_reuters",
        "wiki50",
    ]
    needed = {column.key for column in TABLES} - {"boundary_similarity"}
    for each in compared["sets"]:
        assert set(each["methods"]) == {"broadsheet", "u00-lines", "every-line", "none"}
        assert all(needed <= set(found) for found in each["methods"].values())
    pages, news, wiki = compared["sets"]
    assert set(pages["subsets"]) == {"single", "two"}
    assert "f1" not in pages["subsets"]["single"]["none"]
    assert (wiki["documents"], wiki["size"]) == (1, 2)
    assert not wiki["unseen"]
    assert not news["unseen"]
    assert wiki["methods"]["broadsheet"]["f1"] == wiki["methods"]["every-line"]["f1"] > 0
    assert wiki["methods"]["none"]["f1"] == 0.0


def test_the_report_has_a_table_a_figure(compared: dict[str, Any]) -> None:
    page = report(compared)
    assert all(f"## {column.title}\n" in page for column in TABLES)
    assert "wtpsplit" in page
    rows = table(compared, TABLES[0]).splitlines()
    assert rows[0] == "| set | Broadsheet | U00, lines | every line break | no cut |"
    assert [row.split(" | ")[0] for row in rows[2:]] == [
        "| `pages_dev`",
        "| – two",
        "| `newspage_reuters`",
        "| `wiki50`",
    ]


def test_the_readme_shows_each_tool_at_its_better() -> None:
    methods = [
        {"name": name, "tool": tool, "run": run}
        for name, tool, run in [
            ("u00", "U00", True),
            ("u00-lines", "U00", True),
            ("chonkie", "chonkie", False),
            ("none", "no cut", True),
        ]
    ]
    found = {"u00": {"f1": 0.25}, "u00-lines": {"f1": 0.5}, "none": {"f1": 0.0}}
    sets = [{"name": "wiki50", "unseen": False, "methods": found}]
    shown = comparison_table({"documents": 40, "methods": methods, "sets": sets})
    assert shown.splitlines()[:3] == [
        "| boundary F1 | U00 |",
        "| --- | ---: |",
        "| `wiki50` \\* | **0.500** |",
    ]
    assert "40 documents" in shown


def test_a_table_keeps_its_columns() -> None:
    assert grid([["a", "b"], ["x|y", "1"]]) == "| a | b |\n| --- | ---: |\n| x\\|y | 1 |"


def test_the_command_writes_both_reports(shared: Path) -> None:
    out = shared / "reports"
    call = ["--shared", str(shared), "--sets", "wiki50", "--methods", "none", "--reports", str(out)]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    assert "| `wiki50` | 0.000 |" in done.stdout
    assert {path.name for path in out.iterdir()} == {
        "segmentation_benchmark.json",
        "segmentation_benchmark.md",
    }


@pytest.mark.parametrize("call", ["-m benchmarks.segmentation", "benchmarks/segmentation.py"])
def test_a_missing_folder_is_one_line_and_a_wrong_call(call: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere")
    done = subprocess.run(
        [sys.executable, *call.split(), "--shared", missing],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--shared" in done.stderr
