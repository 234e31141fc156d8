"""Many inputs, labelled in processes of their own: the output is that of one process."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import documents, journal, labeller, processes
from pipeline.documents import Job, Resumable, cutting, run_job
from pipeline.errors import BroadsheetError
from pipeline.labeller import Label, WorkerError
from pipeline.threads import VARIABLE, Beginning
from tests.batch.fakes import load_fake, open_fake
from tests.cli.conftest import SCRIPT, Run, press_ctrl_c, write_texts
from tests.waiting import until

COUNT = 40
RUN = Resumable({"models": "m"})


def load_telling() -> Label:
    """Take some time, and make a story of the number of the process."""
    label = load_fake()

    def telling(text: str, source: str) -> Any:
        time.sleep(0.1)
        return label(f"{os.getpid()}", source)

    return telling


def load_mortal() -> Label:
    """Label as the fake does, but die at one text."""
    label = load_fake()

    def mortal(text: str, source: str) -> Any:
        if "Rain 30" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return label(text, source)

    return mortal


def load_none() -> Label:
    """Fail to load."""
    raise BroadsheetError("no models: run `make repro`")


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be memory, whatever the machine has."""
    monkeypatch.setattr(processes, "fitting", lambda size, megabytes: size)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Texts of which one is no text, one is refused and one fails."""
    return write_texts(tmp_path / "in", COUNT, no_text=2, refused=25, failing=39)


def job(folder: Path, output: Path, resumable: Resumable | None = None, processes: int = 2) -> Job:
    return Job("t", [str(folder)], output, resumable=resumable, processes=processes)


@pytest.mark.parametrize("resumable", [None, RUN])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_the_output_and_the_messages_are_those_of_one_process(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    resumable: Resumable | None,
) -> None:
    written, said = [], []
    for number in (1, 2):
        output = tmp_path / f"{number}.{kind}"
        assert run_job(job(folder, output, resumable, number), load_fake) == 3
        written.append(output.read_bytes())
        said.append(capsys.readouterr().err)
    assert written[0] == written[1] and len(written[0].splitlines()) >= 2 * (COUNT - 3)
    assert said[0] == said[1]
    assert [line.split("/")[-1][:2] for line in said[0].splitlines()] == ["02", "25", "39"]


@pytest.mark.parametrize(
    ("few", "asked", "count"),
    [(labeller.FEW, 2, 2), (15, 2, 2), (21, 2, 1), (13, 99, 3), (labeller.FEW, 1, 1)],
)
def test_many_inputs_go_to_processes_and_few_stay_in_this_one(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    asked: int,
    count: int,
) -> None:
    monkeypatch.setattr(labeller, "FEW", few)
    monkeypatch.setattr(labeller, "BESIDE", 2)
    run_job(job(folder, tmp_path / "out.jsonl", processes=asked), load_telling)
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    found = {int(json.loads(line)["text"]) for line in lines}
    assert len(found) == count
    assert (os.getpid() in found) == (count == 1)


def test_there_are_no_more_processes_than_there_is_memory_for(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "fitting", lambda size, megabytes: size - 1)
    run_job(job(folder, tmp_path / "out.jsonl"), load_telling)
    assert f'"{os.getpid()}"' in (tmp_path / "out.jsonl").read_text()


@given(items=st.lists(st.integers()), count=st.integers(0, 5), fails=st.booleans())
def test_law_a_beginning_leaves_items_and_their_fault_as_they_are(
    items: list[int], count: int, fails: bool
) -> None:
    def coming() -> Iterator[Any]:
        yield from items
        if fails:
            raise OSError("the folder has gone")

    some = Beginning(coming(), count)
    assert some.size == min(count, len(items))
    found = []
    with pytest.raises(OSError) if fails else contextlib.nullcontext():
        for item in some:
            found.append(item)
    assert found == items


def test_models_that_cannot_be_loaded_are_told_once_and_nothing_is_written(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(BroadsheetError, match="no models: run `make repro`"):
        run_job(job(folder, tmp_path / "out.jsonl"), load_none)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_a_process_that_dies_loses_nothing_that_is_done(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SECONDS", 0)
    whole, output = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    run_job(job(folder, whole, processes=1), load_fake)
    with pytest.raises(
        WorkerError, match=f"for want of memory .*{VARIABLE}=1 .*; --resume goes on"
    ):
        run_job(job(folder, output, RUN), load_mortal)
    with pytest.raises(WorkerError, match=f"want of memory .*{VARIABLE}=1 .*--workers 1$"):
        run_job(job(folder, tmp_path / "all.jsonl"), load_mortal)
    assert not (tmp_path / "all.jsonl").exists()
    done = (tmp_path / "out.jsonl.part").read_bytes()
    assert done and whole.read_bytes().startswith(done)
    assert run_job(job(folder, output, RUN), load_fake) == 3
    assert output.read_bytes() == whole.read_bytes()


def test_a_fault_in_finding_inputs_comes_after_what_is_done_before_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = documents.find_inputs

    def failing(paths: Any) -> Iterator[Any]:
        for number, item in enumerate(find(paths)):
            if number == 24:
                raise OSError("the folder has gone")
            yield item

    steps: list[str] = []

    @contextmanager
    def bar(total: int, in_bytes: bool) -> Iterator[Callable[[str, int], None]]:
        yield lambda source, size: steps.append(Path(source).stem)

    monkeypatch.setattr(documents, "progress", bar)
    monkeypatch.setattr(documents, "is_terminal", lambda stream: True)
    monkeypatch.setattr(documents, "find_inputs", failing)
    with pytest.raises(OSError, match="the folder has gone"):
        run_job(job(folder, tmp_path / "out.jsonl"), load_fake)
    assert steps == [f"{number:02}" for number in range(24)]


def test_ctrl_c_is_130_and_leaves_nothing(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    slow = {**environment, "FAKE_SECONDS_A_PAGE": "0.2", VARIABLE: "2"}
    press_ctrl_c(folder, tmp_path / "out.json", slow, at_work=1.5, stdin=subprocess.DEVNULL)
    assert _all_end(tmp_path)


def test_whoever_reads_the_pipe_may_go(
    environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    slow = {**environment, "FAKE_SECONDS_A_PAGE": "0.2", VARIABLE: "2"}
    command = [sys.executable, SCRIPT, folder, "-f", "jsonl"]
    errors = tmp_path / "errors"
    with (
        errors.open("wb") as stderr,
        subprocess.Popen(command, stdout=-1, stderr=stderr, env=slow) as process,
    ):
        assert process.stdout
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.wait(timeout=30) == 141
    assert b"Traceback" not in errors.read_bytes()
    assert _all_end(tmp_path)


def test_segment_works_in_processes_too(
    run: Run, environment: dict[str, str], folder: Path
) -> None:
    done = run("--umbrella", "segment", folder, "-f", "jsonl", env={**environment, VARIABLE: "2"})
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 2 * (COUNT - 3) + 2
    assert done.stderr.count(b"\n") == 1  # to cut, nothing is refused


def test_sections_are_cut_in_processes_too(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labeller, "in_order", None)  # threads would fail
    (folder / "02.txt").unlink()
    counts = []
    for level in ("story", "section"):
        output = tmp_path / f"{level}.jsonl"
        asked = Job("t", [str(folder)], output, labels=False, level=level, processes=2)  # type: ignore[arg-type]
        run_job(asked, _cutting_sections if level == "section" else _cutting_stories)
        counts.append(len(output.read_text().splitlines()))
    assert counts[0] > counts[1] == COUNT - 1


def _cutting_stories() -> Label:
    return cutting(open_fake, Path("models"))


def _cutting_sections() -> Label:
    return cutting(open_fake, Path("models"), "section")


def _all_end(folder: Path) -> bool:
    return until(lambda: not _with_in_their_environment(folder))


def _with_in_their_environment(folder: Path) -> list[int]:
    """Find the processes that were started with a variable that names a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if os.fsencode(folder) in path.read_bytes():
                found.append(int(path.parent.name))
    return found
