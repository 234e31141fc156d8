from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.fake_classifier import FakeClassifier

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("fake_classifier.py")
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder that looks like a trained bundle from afar."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture
def classifier(monkeypatch: pytest.MonkeyPatch) -> FakeClassifier:
    """The classifier that the commands load instead of the trained one."""
    fake = FakeClassifier()
    monkeypatch.setattr("pipeline.cli.load_classifier", lambda models: fake)
    return fake


@pytest.fixture
def environment(models: Path) -> dict[str, str]:
    """The environment of a command in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}}
    return {**kept, "PYTHONPATH": str(ROOT), "BROADSHEET_MODELS": str(models)}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run ``classify`` (or ``--umbrella COMMAND``) in a process of its own, with ``input``."""

    def _run(*arguments: str | bytes | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
        options = {"input": b"", "cwd": tmp_path, "env": environment, "timeout": 60} | options
        return subprocess.run(
            [sys.executable, SCRIPT, *arguments], capture_output=True, check=False, **options
        )

    return _run


def write_texts(folder: Path, count: int, no_text: int, refused: int, failing: int) -> Path:
    """Write short texts into a new folder, ``00.txt`` and on; those of three numbers fail."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:02}.txt").write_text(f"Rain {number}\nFog\n", encoding="utf-8")
    (folder / f"{no_text:02}.txt").write_bytes(b"\xff\x00")
    (folder / f"{refused:02}.txt").write_text("REFUSED", encoding="utf-8")
    (folder / f"{failing:02}.txt").write_text("BUG", encoding="utf-8")
    return folder


def heed_ctrl_c() -> None:
    """Undo what a shell does to a job in the background, which would pass it on: ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def press_ctrl_c(
    source: str | Path, out: Path, environment: dict[str, str], at_work: float, stdin: int
) -> None:
    """Interrupt ``classify SOURCE -o OUT``; it ends with 130, without a traceback or a file.

    :param at_work: seconds that it is given once the temporary file is there.
    """
    with subprocess.Popen(
        [sys.executable, SCRIPT, source, "-o", out], stdin=stdin, stdout=-1, stderr=-1,
        env=environment, preexec_fn=heed_ctrl_c, start_new_session=True,
    ) as process:  # fmt: skip
        for _ in range(200):  # until the temporary file is there, the command is not reading
            if list(out.parent.glob(f".{out.name}.*")):
                break
            time.sleep(0.05)
        time.sleep(at_work)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all processes
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 130
        assert b"Traceback" not in errors
    assert not list(out.parent.glob(f"*{out.name}*"))
