"""How a stage runs: its threads wait without spinning, and an error a user can mend is one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIT = """
import os, sys
from pipeline.stage import run_stage

def main():
    assert "sklearn" not in sys.modules  # it reads the policy when it is imported
    print(os.environ["OMP_WAIT_POLICY"])

run_stage("none", main)
"""
FAULT = """
from pipeline.errors import UsageError
from pipeline.stage import run_stage

def main():
    raise UsageError("no corpus: run `dvc repro ingest`")

run_stage("none", main)
"""


def ran(code: str, folder: Path, **policy: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**own, "PYTHONPATH": str(ROOT), **policy},
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("given", [None, "ACTIVE"])
def test_threads_wait_quietly_unless_told_otherwise(tmp_path: Path, given: str | None) -> None:
    done = ran(FIT, tmp_path, **({"OMP_WAIT_POLICY": given} if given else {}))
    assert (done.returncode, done.stdout.strip()) == (0, given or "PASSIVE")


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    done = ran(FAULT.replace("UsageError(", "OSError(28, "), tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "none: [Errno 28] no corpus: run `dvc repro ingest`\n"


def test_what_a_user_can_mend_is_one_line_and_an_exit_code(tmp_path: Path) -> None:
    done = ran(FAULT, tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "none: no corpus: run `dvc repro ingest`\n"
