"""The set-up files agree with each other, and DVC accepts the stage graph."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^+\s;]+)(?: ; .+)?")


def pins(lock: str) -> set[tuple[str, str]]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    matches = {line: PIN.fullmatch(line) for line in lines}
    odd = [line for line, match in matches.items() if match is None]
    assert not odd, f"{lock}: a line is a pin, and names no index, path or build: {odd}"
    return {(match["name"], match["version"]) for match in matches.values() if match}


def wanted(requirements: list[str]) -> set[str]:
    names = (re.match(r"[\w.-]+", item) for item in requirements)
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    run, develop = pins("requirements.lock"), pins("requirements-dev.lock")
    assert wanted(PROJECT["project"]["dependencies"]) <= {name for name, _ in run}
    assert wanted(PROJECT["project"]["optional-dependencies"]["dev"]) <= {n for n, _ in develop}
    assert run <= develop


def test_no_gpu_library_is_locked() -> None:
    gpu = re.compile(r"nvidia|cuda|triton")
    assert not {name for name, _ in pins("requirements-dev.lock") if gpu.search(name)}


def test_the_torch_that_make_installs_is_the_locked_one() -> None:
    torch = [version for name, version in pins("requirements.lock") if name == "torch"]
    stand_in = PROJECT["tool"]["uv"]["dependency-metadata"][0]
    assert (stand_in["name"], [stand_in["version"]]) == ("torch", torch)


def test_dvc_reads_the_stages() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("DVC needs the Git repository")
    done = subprocess.run(
        [sys.executable, "-m", "dvc", "stage", "list", "--name-only"],
        cwd=ROOT,
        env={**os.environ, "DVC_NO_ANALYTICS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    stages = done.stdout.split()
    assert stages[:4] == ["adapt", "finetune", "sections", "ingest"]
    assert stages[-1] == "record"
    heads = {
        f"{stage}@{head}" for stage in ("train", "learning_curve") for head in ("topic", "region")
    }
    assert heads < set(stages)
