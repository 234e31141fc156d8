"""What a run came from, in and out of a Git repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.record.provenance import dvc_facts, git_facts


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    done = subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "code.py").write_text("x = 1\n")
    (tmp_path / "dvc.lock").write_text("schema: '2.0'\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    return tmp_path


def test_a_clean_commit(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    assert git_facts(repository) == {"git.commit": commit, "git.dirty": "false"}


def test_changed_code_is_dirty(repository: Path) -> None:
    (repository / "code.py").write_text("x = 2\n")
    assert git_facts(repository)["git.dirty"] == "true"


def test_what_the_pipeline_writes_is_not_dirty(repository: Path) -> None:
    (repository / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")
    (repository / "untracked.txt").write_text("")
    assert git_facts(repository)["git.dirty"] == "false"


def test_no_repository_no_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert git_facts(tmp_path) == {}
    monkeypatch.setenv("PATH", "")
    assert git_facts(tmp_path) == {}


def test_dvc_names_the_experiment(tmp_path: Path) -> None:
    environ = {"DVC_EXP_NAME": "brave-oak", "DVC_EXP_BASELINE_REV": "abc", "DVC_STAGE": "record"}
    assert dvc_facts(environ, tmp_path / "dvc.lock") == {
        "dvc.experiment": "brave-oak",
        "dvc.baseline": "abc",
        "dvc.stage": "record",
    }
    (tmp_path / "dvc.lock").write_bytes(b"")
    assert dvc_facts({}, tmp_path / "dvc.lock")["dvc.lock"].startswith("e3b0c44298fc1c14")
