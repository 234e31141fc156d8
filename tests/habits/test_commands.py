"""The commands in this process, on a real database; and their tables, line by line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.habits.checkup import write_findings
from pipeline.habits.comparison import compare
from pipeline.habits.doctor import Finding
from pipeline.habits.tables import write_comparison, write_runs
from pipeline.records import Article
from pipeline.store.jsonl import write_records
from tests.habits.book import AFTER, BEFORE, METRICS, recorded


def broadsheet(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def lines(text: str) -> list[str]:
    """Lines without the rules below heads, their white space squeezed."""
    squeezed = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in squeezed if line and not set(line) <= {"─"}]


def test_the_runs_as_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    out = io.StringIO()
    dirty = {"git.commit": "1234567fe1", "git.dirty": "true", "dvc.experiment": "brave-oak"}
    failed = recorded(2, status="failed", metrics={}, tags=dirty)
    write_runs(out, [failed, recorded(1)], "table", False)
    assert lines(out.getvalue()) == [
        "started end to",
        "run name (UTC) commit experiment status boundary topic macro-F1 country region end",
        "02ab02ab run 2 2025-04-02 09:30 1234567+ brave-oak failed – – – – – –",
        "01ab01ab run 1 2025-04-01 09:30 0babd48 – finished 0.926 0.874 0.800 0.943 0.962 0.737",
        "On the held-out corpus: F1 of boundaries, countries and regions; main topic right, also "
        "end to end.",
        "+ with changes that were not committed",
    ]


@pytest.mark.parametrize("width", [60, 70, 80, 100, 110, 130, 200])
def test_tables_keep_to_the_terminal_and_lose_no_figure(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    out = io.StringIO()
    run = recorded(1, name="a-long-name-without-a-space-in-it 0babd48")
    write_runs(out, [run], "table", False)
    assert {"01ab01ab", "finished", "0.926", "0.874"} <= set(out.getvalue().split())
    write_comparison(out, compare(run, recorded(2), BEFORE, AFTER), "table", False, 9, {})
    assert max(map(len, out.getvalue().splitlines())) <= width


def test_a_comparison_as_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    a = recorded(1)
    changed = {**METRICS, "topic/accuracy": 0.92, "topic/f1_macro": 0.81}
    b = recorded(2, params={"mix.seed": "8", "topic.seed": "1"}, metrics=changed)
    out = io.StringIO()
    titles = {"A-1": "Cup final", "A-3": "\x1b[31mred"}
    write_comparison(out, compare(a, b, BEFORE, AFTER), "table", False, 2, titles)
    assert lines(out.getvalue()) == [
        "A 01ab01ab run 1 2025-04-01 09:30",
        "B 02ab02ab run 2 2025-04-02 09:30",
        "parameter A B",
        "mix.seed 7 8",
        "topic.seed – 1",
        "metric A B difference 95% interval",
        "topic/accuracy 0.8740 0.9200 +0.0460 outside",
        "topic/f1_macro 0.8000 0.8100 +0.0100",
        "main topic: 1 right → wrong, 1 wrong → right, 1 wrong in another way, of 3",
        "example gold A B",
        "lost A-1 Cup final sport sport arts",
        "won A-2 arts sport arts",
        "… and 1 flip more: --rows N shows N",
        "countries: 0 right → wrong, 1 wrong → right, 0 wrong in another way, of 1",
        "example gold A B",
        "won A-1 Cup final FR FR DE FR",
        "boundaries of a page: 0 right → wrong, 0 wrong → right, 0 wrong in another way, of 1",
    ]
    write_comparison(out, compare(a, b, BEFORE, AFTER), "table", False, 9, titles)
    assert "\x1b" not in out.getvalue()


def test_runs_of_a_real_database(project: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(broadsheet("runs", "-f", "csv").stdout)))
    assert [row["name"] for row in rows] == [
        "broken",
        "brave-oak 2222222",
        "0babd48+ 1111111",
        "old",
    ]
    assert [row["experiment"] for row in rows] == ["", "brave-oak", "", ""]
    assert [row["dirty"] for row in rows] == ["true", "false", "true", "true"]
    assert [row["topic/accuracy"] for row in rows] == ["0.874", "0.92", "0.874", "0.874"]
    done = broadsheet("runs", "--last", "2", "--format", "json")
    newest, second = json.loads(done.stdout)
    assert (newest["status"], newest["metrics"]["end_to_end/country_f1"]) == ("failed", None)
    assert (second["commit"], second["dirty"]) == ("0babd48fe1", False)
    table = broadsheet("runs").stdout
    assert second["id"][:8] in table and "\x1b" not in table


def test_compare_on_a_real_database(project: Path) -> None:
    article = Article("A-1", ("sport",), ("FR",), ("To nil.",), headline="A cup in Lille")
    write_records(Path("data/articles.jsonl"), [article])
    done = broadsheet("compare", "latest~1", "brave-oak")
    assert (done.exit_code, done.stderr) == (0, "")
    shown = lines(done.stdout)
    assert "topic.regularisation 1.0 0.5" in shown
    assert "topic/accuracy 0.8740 0.9200 +0.0460 outside" in shown
    assert "lost A-1 A cup in Lille sport sport arts" in shown
    plain = json.loads(broadsheet("compare", "latest~1", "latest", "-f", "json").stdout)
    assert [change["name"] for change in plain["params"]] == ["topic.regularisation", "topic.seed"]
    topic, countries, _ = plain["flips"]
    assert (topic["right_to_wrong"], topic["wrong_to_right"], topic["examples"]) == (1, 1, 3)
    assert countries["flips"][0]["b"] == ["FR"]


def test_a_run_of_old_has_no_flips(project: Path) -> None:
    done = broadsheet("compare", "old", "latest")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("No flips")]
    assert line.endswith("was recorded without its answers, or has lost them.")
    assert json.loads(broadsheet("compare", "old", "latest", "-f", "json").stdout)["flips"] is None
    shown = broadsheet("compare", "latest", "latest").stdout
    assert "No parameter differs." in shown and "No metric differs." in shown


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["compare", "nosuch", "latest"], 2, "no run 'nosuch': `broadsheet runs` lists them"),
        (["compare", "latest", "latest~9"], 2, "no run latest~9: 3 finished"),
        (["compare", "latest"], 2, "Missing argument"),
        (["compare", "old", "latest", "-f", "csv"], 2, "csv"),
        (["runs", "--experiment", "nosuch"], 2, "no experiment 'nosuch': there is news"),
        (["runs", "--last", "0"], 2, "--last"),
    ],
)
def test_a_wrong_call_is_one_line(
    project: Path, arguments: list[str], code: int, message: str
) -> None:
    done = broadsheet(*arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert message in done.stderr


@pytest.mark.parametrize("arguments", [["runs"], ["compare", "latest~1", "latest"]])
def test_without_runs_the_remedy_is_named_and_nothing_made(
    project: Path, arguments: list[str]
) -> None:
    (project / "mlflow.db").unlink()
    done = broadsheet(*arguments)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "no runs yet" in done.stderr and "run `make repro`" in done.stderr
    assert {path.name for path in project.iterdir()} == {"params.yaml"}


def test_doctor_says_what_to_do_and_fails(project: Path) -> None:
    done = broadsheet("doctor")
    assert done.exit_code == 1
    shown = lines(done.stdout)
    at = next(i for i, line in enumerate(shown) if line.startswith("problem models"))
    assert shown[at] == "problem models no trained models in models"
    assert shown[at + 1].startswith("→ run `make repro` in the project")
    plain = json.loads(broadsheet("doctor", "-f", "json").stdout)
    statuses = {finding["check"]: finding["status"] for finding in plain}
    assert statuses["models"] == "problem" and statuses["run database"] == "ok"


@pytest.mark.models
def test_doctor_finds_the_trained_models(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    plain = json.loads(broadsheet("doctor", "--models", "models", "-f", "json").stdout)
    statuses = {finding["check"]: finding["status"] for finding in plain}
    assert {statuses[name] for name in ("models", "encoder", "taught encoder")} == {"ok"}


def test_findings_as_lines() -> None:
    out = io.StringIO()
    findings = [
        Finding("python", "ok", "3.11.7"),
        Finding("models", "problem", "none\nhere", "run `make repro`"),
        Finding("packages", "skipped", "no lock"),
    ]
    assert write_findings(out, findings, "table", False) == 1
    assert [line.rstrip() for line in out.getvalue().splitlines()] == [
        "ok      python           3.11.7",
        "problem models           none here",
        "                         → run `make repro`",
        "skipped packages         no lock",
    ]
