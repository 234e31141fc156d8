"""Inputs that are labelled side by side: the output is that of one core, faults come in turn."""

from __future__ import annotations

import errno
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline import documents, journal
from pipeline.documents import Job, Resumable, run_job
from pipeline.errors import BroadsheetError
from pipeline.journal import JournalError
from pipeline.labeller import Label
from pipeline.threads import VARIABLE
from tests.cli.conftest import press_ctrl_c, write_texts
from tests.cli.fake_classifier import FakeClassifier

RUN = Resumable({"models": "m"})
COUNT = 12


@pytest.fixture(autouse=True)
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Texts of which one is no text, one is refused and one fails."""
    return write_texts(tmp_path / "in", COUNT, no_text=2, refused=5, failing=9)


@pytest.fixture
def job(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Work that can be gone on with, each of its inputs a commit."""
    monkeypatch.setattr(journal, "SECONDS", 0)
    return Job("t", [str(folder)], tmp_path / "out.jsonl", resumable=RUN)


def earliest_last(text: str, source: str) -> None:
    """Take longer for a page the earlier it stands."""
    time.sleep((COUNT - int(Path(source).stem)) / 400)


def labelling(before: Callable[[str, str], None] = earliest_last) -> Callable[[], Label]:
    classifier = FakeClassifier()

    def label(text: str, source: str) -> Any:
        before(text, source)
        return classifier.document(text, source)

    return lambda: label


@pytest.mark.parametrize("resumable", [None, RUN])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_the_output_and_the_messages_are_those_of_one_core(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    resumable: Resumable | None,
) -> None:
    written, said = [], []
    for number in ("3", "1"):
        monkeypatch.setenv(VARIABLE, number)
        output = tmp_path / f"out.{number}.{kind}"
        job = Job("t", [str(folder)], output, resumable=resumable)
        assert run_job(job, labelling()) == 3
        written.append(output.read_bytes())
        said.append(capsys.readouterr().err)
    assert written[0] == written[1] and len(written[0].splitlines()) >= 2 * (COUNT - 3)
    assert said[0] == said[1]
    assert [line.split("/")[-1][:2] for line in said[0].splitlines()] == ["02", "05", "09"]


def test_models_are_loaded_once_and_a_fault_of_theirs_is_told_once(folder: Path) -> None:
    loads: list[int] = []

    def load() -> Label:
        loads.append(1)
        time.sleep(0.02)
        raise BroadsheetError("no models")

    with pytest.raises(BroadsheetError, match="no models"):
        run_job(Job("t", [str(folder)], folder / "out.jsonl"), load)
    assert len(loads) == 1


def test_a_full_disk_ends_the_work_and_no_thread_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullWriter:
        def add(self, document: object, text: str) -> None:
            raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(documents, "_writer", lambda *_: FullWriter())
    before = set(threading.enumerate())
    with pytest.raises(OSError, match="no space left"):
        run_job(Job("t", [str(folder)], folder.parent / "out.jsonl"), labelling())
    assert not set(threading.enumerate()) - before


def test_the_bar_counts_what_is_done_also_before_it_was_broken_off(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(text: str, source: str) -> None:
        if "Rain 8" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(job, labelling(break_off))
    steps: list[str] = []

    @contextmanager
    def bar(total: int, in_bytes: bool) -> Iterator[Callable[[str, int], None]]:
        assert (total, in_bytes) == (COUNT, False)
        yield lambda source, size: steps.append(Path(source).stem * size)

    monkeypatch.setattr(documents, "progress", bar)
    monkeypatch.setattr(documents, "is_terminal", lambda stream: True)
    run_job(job, labelling())
    assert steps == [f"{number:02}" for number in range(COUNT)]


def test_a_text_that_changed_since_it_was_read_is_not_taken_for_done(
    job: Job, folder: Path
) -> None:
    ahead = threading.Event()

    def change_the_next(text: str, source: str) -> None:
        if "Rain 1\n" in text:
            ahead.set()
        if "Rain 0" in text:
            assert ahead.wait(timeout=20)  # 01.txt has been read
            (folder / "01.txt").write_text("Rain 1, and then the sun\n", encoding="utf-8")
        if "Rain 6" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(job, labelling(change_the_next))
    with pytest.raises(JournalError, match="are not those of the run"):
        run_job(job, labelling())


def test_ctrl_c_among_many_pages_is_130_and_leaves_nothing(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    slow = {**environment, "FAKE_SECONDS_A_PAGE": "0.5", VARIABLE: "2"}
    press_ctrl_c(folder, tmp_path / "out.json", slow, at_work=0.4, stdin=subprocess.DEVNULL)
