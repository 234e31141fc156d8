"""``broadsheet promote`` on a real database, and models found by their registered names."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.errors import CorruptArtifactError, MissingArtifactError, UsageError
from pipeline.habits.database import runs_uri
from pipeline.registry import promotion
from pipeline.registry.models import find_models
from pipeline.registry.promotion import Counts, Material, Metric
from pipeline.registry.versions import CHAMPION, read_versions

STORIES = "id,headline,text,topics,countries\n1,Cup won,The final ended 2-1.,sport,FR\n"


def promote(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["promote", *arguments])


def champion() -> int | None:
    versions = read_versions(runs_uri({}), "broadsheet")
    return next((one.number for one in versions if CHAMPION in one.aliases), None)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Stories right of a hundred, by the word in the bundle."""
    right = {"word 1": 70, "word 2": 71, "word 3": 90}

    def measure(models: Path, material: Material) -> dict[Metric, Counts]:
        flags = (np.arange(100) < right[(models / "word.txt").read_text()]).astype(np.int64)
        return {"topic/accuracy": np.stack([flags, 1 - flags, 1 - flags], axis=1)}

    monkeypatch.setattr(promotion, "measure", measure)
    Path("stories.csv").write_text(STORIES)
    return right


def test_a_dry_run_changes_nothing(project: Path) -> None:
    done = promote()
    assert done.exit_code == 0
    assert "candidate  broadsheet 3 30abd48" in done.stdout
    assert "broadsheet@champion would be version 3: there is no champion yet" in done.stdout
    assert "add --apply" in done.stdout
    assert champion() is None


def test_the_first_is_champion_and_a_better_one_follows(
    project: Path, measured: dict[str, int]
) -> None:
    assert promote("1", "--apply").exit_code == 0
    assert champion() == 1
    no_better = promote("2", "--on", "stories.csv", "--apply")
    assert no_better.exit_code == 1
    assert "stays version 1: main topic right: not better beyond the interval" in no_better.stdout
    assert champion() == 1
    assert promote("3", "--on", "stories.csv").exit_code == 0
    assert champion() == 1
    better = promote("3", "--on", "stories.csv", "--apply", "--format", "json")
    assert better.exit_code == 0
    found = json.loads(better.stdout)
    assert (found["champion"], found["candidate"], found["applied"]) == (1, 3, True)
    assert found["figures"][0]["difference"] == pytest.approx(0.2)
    assert champion() == 3
    tags = read_versions(runs_uri({}), "broadsheet")[0].tags
    assert tags["promoted.over"] == "1"
    assert tags["real/topic/accuracy"] == "0.900"
    assert tags["real/topic/accuracy/difference"].startswith("+0.200 [+0.1")
    again = promote("--on", "stories.csv")
    assert again.exit_code == 0
    assert "it is the champion already" in again.stdout


def test_by_hand_needs_no_figures(project: Path) -> None:
    promote("3", "--apply")
    back = promote("1", "--by-hand", "--apply")
    assert back.exit_code == 0
    assert "is now version 1: by hand" in back.stdout
    assert champion() == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("9",), 2, "no version '9' of broadsheet: there is 3, 2, 1; aliases: champion"),
        (("--shared", "nowhere"), 2, "name labelled stories with --on"),
        (("--on", "bad.csv"), 2, "broadsheet ingest bad.csv"),
        (("--on", "none.csv"), 2, "none.csv is not here"),
        (("--metric", "speed"), 2, ""),
    ],
)
def test_faults_are_one_line_with_a_remedy(
    project: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    promote("1", "--apply")
    Path("bad.csv").write_text("id,headline,text,topics,countries\n1,Cup,Won.,spor,FR\n")
    done = promote(*arguments)
    assert done.exit_code == code
    assert message in done.stderr
    assert champion() == 1


def test_a_champion_that_cannot_be_read_is_a_case_for_the_hand(project: Path) -> None:
    promote("1", "--apply")
    Path("stories.csv").write_text(STORIES)
    done = promote("3", "--on", "stories.csv")
    assert done.exit_code == 1
    assert "broadsheet 1 cannot be measured" in done.stderr
    assert "--by-hand" in done.stderr


def test_models_are_found_by_alias_number_and_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def word(named: str) -> str:
        return (find_models(Path(named)) / "word.txt").read_text()

    promote("2", "--apply")
    assert word("models:/broadsheet@champion") == "word 2"
    assert word("models:/broadsheet/1") == "word 1"
    assert word("models:/broadsheet") == word("models:/broadsheet/latest") == "word 3"
    monkeypatch.setenv("BROADSHEET_MODELS", "models:/broadsheet/1")
    assert (find_models(None) / "word.txt").read_text() == "word 1"
    with pytest.raises(UsageError, match="challenger"):
        find_models(Path("models:/broadsheet@challenger"))
    with pytest.raises(UsageError, match="models:/NAME@ALIAS"):
        find_models(Path("models:/a/b/c"))
    with pytest.raises(MissingArtifactError, match="no model 'other'"):
        find_models(Path("models:/other@champion"))


def test_a_version_without_its_files_is_no_bundle(project: Path, registered: Path) -> None:
    inside = "mlruns/models/*/artifacts/artifacts/bundle-1/manifest.json"
    (manifest,) = registered.glob(inside)
    kept = manifest.read_bytes()
    manifest.unlink()
    try:
        with pytest.raises(CorruptArtifactError, match="holds no bundle"):
            find_models(Path("models:/broadsheet/1"))
    finally:
        manifest.write_bytes(kept)
