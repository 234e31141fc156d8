"""Work that is broken off, at any moment and in any way, and gone on with."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline import journal
from pipeline.cli import classify_app
from pipeline.documents import Job, Resumable, run_job
from pipeline.errors import UsageError
from pipeline.journal import JournalError
from pipeline.labeller import Label
from pipeline.threads import VARIABLE
from tests.cli.conftest import SCRIPT, Run
from tests.cli.fake_classifier import FakeClassifier

RUN = Resumable({"models": "m"})


def pages(folder: Path, count: int) -> Path:
    """A dataset with pages of none to three stories, one in seven of which fails."""
    path = folder / "in.jsonl"
    texts = ["BUG" if i % 7 == 3 else "\n".join(f"Rain {i}.{j} é" for j in range(i % 4))
             for i in range(count)]  # fmt: skip
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def labelling(before: Callable[[], None] = lambda: None) -> Callable[[], Label]:
    classifier = FakeClassifier()

    def label(text: str, source: str) -> Any:
        before()
        return classifier.document(text, source)

    return lambda: label


def do(
    source: Path, output: Path, resumable: Resumable | None = RUN, before: Any = lambda: None
) -> int:
    return run_job(Job("t", [str(source)], output, resumable=resumable), labelling(before))


def left(output: Path) -> list[str]:
    return sorted(path.name for path in output.parent.iterdir() if path.name.startswith("out"))


def in_a_child(task: Callable[[], object]) -> int:
    """Start a task in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            task()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return child


@pytest.mark.parametrize(
    ("count", "kind"), [(1, "jsonl"), (30, "csv"), (200, "jsonl"), (600, "csv")]
)
def test_killed_at_random_moments_nothing_is_lost_and_nothing_done_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, kind: str
) -> None:
    monkeypatch.setattr(journal, "SECONDS", 0.004)
    source = pages(tmp_path, count)
    whole, output = tmp_path / f"whole.{kind}", tmp_path / f"out.{kind}"
    do(source, whole, None)
    draw = random.Random(count)
    killed = 0
    while not output.exists():
        child = in_a_child(lambda: do(source, output, before=lambda: time.sleep(0.001)))
        if killed < 12:
            time.sleep(draw.uniform(0, 0.004 * min(count, 25)))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        assert not output.exists() or output.read_bytes() == whole.read_bytes()
    assert output.read_bytes() == whole.read_bytes()
    do(source, output)  # where the kill came after the last rename
    assert left(output) == [output.name]


def test_killed_before_any_step_of_the_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step at which the disk changes is once the one that is not reached."""
    monkeypatch.setattr(journal, "SECONDS", 0)
    source = pages(tmp_path, 6)
    whole, output = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    do(source, whole, None)

    def killed_at(step: int) -> None:
        steps = iter(range(step))

        def mortal(function: Any) -> Any:
            def call(*arguments: Any, **options: Any) -> Any:
                if next(steps, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*arguments, **options)

            return call

        for name in ("fsync", "open"):
            monkeypatch.setattr(os, name, mortal(getattr(os, name)))
        for name in ("unlink", "replace", "open"):
            monkeypatch.setattr(Path, name, mortal(getattr(Path, name)))
        do(source, output)

    step = 0
    alive = False
    while not alive:
        _, status = os.waitpid(in_a_child(lambda: killed_at(step)), 0)  # noqa: B023
        alive = not os.WIFSIGNALED(status)
        assert not output.exists() or output.read_bytes() == whole.read_bytes()
        do(source, output)
        assert output.read_bytes() == whole.read_bytes() and left(output) == ["out.jsonl"]
        output.unlink()
        step += 1
    assert step > 25


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 19), st.floats(0, 1), st.binary())
def test_law_a_torn_tail_is_cut_back(
    tmp_path_factory: pytest.TempPathFactory, stop: int, share: float, tail: bytes
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    source, whole, output = pages(folder, 20), folder / "whole.csv", folder / "out.csv"
    do(source, whole, None)
    left_over = iter(range(stop))

    def interrupt() -> None:
        if next(left_over, None) is None:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "SECONDS", 0)
        try:
            do(source, output, before=interrupt)
        except KeyboardInterrupt:
            written = folder / "out.csv.journal"
            if written.exists():
                lines = written.read_bytes()
                head = lines.index(b"\n") + 1
                written.write_bytes(lines[: head + round(share * (len(lines) - head))])
                with (folder / "out.csv.part").open("ab") as part:
                    part.write(tail)
        assert do(source, output) == 3
    assert output.read_bytes() == whole.read_bytes() and left(output) == ["out.csv"]


def broken_off(folder: Path, monkeypatch: pytest.MonkeyPatch, after: int = 12) -> tuple[Path, Path]:
    monkeypatch.setattr(journal, "SECONDS", 0)
    monkeypatch.setenv(VARIABLE, "1")  # so that calls come in the order of pages
    source, output = pages(folder, 20), folder / "out.jsonl"
    steps = iter(range(after))

    def interrupt() -> None:
        if next(steps, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(source, output, before=interrupt)
    assert left(output) == ["out.jsonl.journal", "out.jsonl.part"]
    return source, output


def test_failed_inputs_are_done_and_named_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, output = broken_off(tmp_path, monkeypatch)
    assert capsys.readouterr().err.count("BUG") == 0
    calls: list[None] = []
    assert do(source, output, before=lambda: calls.append(None)) == 3
    assert len(calls) == 20 - 12
    messages = capsys.readouterr().err.splitlines()
    assert messages[0] == f"t: {output}: going on after 12 inputs"
    numbers = [int(message.split(":")[2]) for message in messages[1:]]
    assert numbers == [4, 11, 18]


def test_other_inputs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, output = broken_off(tmp_path, monkeypatch)
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    for others in ([*lines[1:], lines[0]], lines[:5], [lines[0], *lines]):
        source.write_text("".join(others), encoding="utf-8")
        with pytest.raises(JournalError, match=r"first 12 inputs are not those .* remove .*\.part"):
            do(source, output)
    source.write_text("".join([*lines, '{"text": "New"}\n']), encoding="utf-8")
    do(source, output)  # what is new comes after what is done
    assert json.loads(output.read_text(encoding="utf-8").splitlines()[-1])["text"] == "New"


def test_texts_that_were_edited_or_renamed_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SECONDS", 0)
    folder, output = tmp_path / "in", tmp_path / "out.jsonl"
    folder.mkdir()
    for i in range(4):
        (folder / f"{i}.txt").write_text("INTERRUPT" if i == 2 else "Rain", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        do(folder, output)
    (folder / "2.txt").write_text("Snow", encoding="utf-8")  # not yet done
    (folder / "0.txt").rename(folder / "00.txt")
    with pytest.raises(JournalError, match="first 2 inputs"):
        do(folder, output)
    (folder / "00.txt").rename(folder / "0.txt")
    before = (folder / "1.txt").stat()
    (folder / "1.txt").write_text("Hail", encoding="utf-8")
    os.utime(folder / "1.txt", ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    with pytest.raises(JournalError, match="first 2 inputs"):
        do(folder, output)
    (folder / "1.txt").write_text("Rain", encoding="utf-8")
    os.utime(folder / "1.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert do(folder, output) == 0
    assert len(output.read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda part, log: None, "was begun with models m, not n: call it as then, or remove"),
        (lambda part, log: part.write_bytes(b""), "shorter than its journal says: remove"),
        (lambda part, log: log.unlink(), "in the way, without its journal: remove it"),
        (lambda part, log: log.write_bytes(b"{}\n"), "is no journal: remove"),
        (lambda part, log: log.write_bytes(b'{"journal":9,"run":{}}\n'), "another version: remove"),
    ],
)
def test_what_cannot_be_gone_on_with_says_why_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Any, message: str
) -> None:
    source, output = broken_off(tmp_path, monkeypatch)
    change(tmp_path / "out.jsonl.part", tmp_path / "out.jsonl.journal")
    run = Resumable({"models": "n"}) if "begun" in message else RUN
    for _ in range(2):
        with pytest.raises(JournalError, match=message) as caught:
            do(source, output, run)
        assert "\n" not in str(caught.value)


def test_two_at_once_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, output = broken_off(tmp_path, monkeypatch)
    with (tmp_path / "out.jsonl.journal").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(JournalError, match="being written by another process"):
            do(source, output)
    assert do(source, output) == 3


def test_nothing_is_left_of_work_that_did_nothing(tmp_path: Path) -> None:
    def load() -> Label:
        raise UsageError("no models")

    source, output = pages(tmp_path, 3), tmp_path / "out.jsonl"
    with pytest.raises(UsageError):
        run_job(Job("t", [str(source)], output, resumable=RUN), load)
    assert left(output) == []


def test_a_link_stays_a_link_and_a_mode_a_mode(tmp_path: Path) -> None:
    source, link, target = pages(tmp_path, 3), tmp_path / "link.jsonl", tmp_path / "target.jsonl"
    target.touch(mode=0o600)
    link.symlink_to(target)
    do(source, link)
    assert link.is_symlink() and target.stat().st_mode & 0o777 == 0o600
    assert len(target.read_text(encoding="utf-8").splitlines()) == 3


@pytest.fixture
def command(
    models: Path, classifier: FakeClassifier, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    monkeypatch.setenv("BROADSHEET_MODELS", str(models))
    runner = CliRunner()
    return lambda *arguments, **options: runner.invoke(
        classify_app, [str(one) for one in arguments], **options
    )


def test_the_command_refuses_what_cannot_be_resumed(
    command: Callable[..., Any], tmp_path: Path
) -> None:
    source = pages(tmp_path, 3)
    for arguments in (
        [source, "--resume"],
        [source, "--resume", "-o", tmp_path / "out.html"],
        [source, "--resume", "-o", tmp_path / "out.json"],
        [source, "--resume", "-o", "/dev/null"],
        ["-", "--resume", "-o", tmp_path / "out.jsonl"],
    ):
        done = command(*arguments)
        assert done.exit_code == 2 and done.stderr.count("\n") == 1, done.stderr
    assert left(tmp_path / "out.jsonl") == []


def test_the_command_goes_on_only_with_the_same_options_and_models(
    command: Callable[..., Any], tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SECONDS", 0)
    source, output = pages(tmp_path, 5), tmp_path / "out.jsonl"
    lines = source.read_text(encoding="utf-8")
    source.write_text(lines + '{"text": "INTERRUPT"}\n', encoding="utf-8")
    again = [source, "-o", output, "--resume"]
    assert command(*again).exit_code == 130
    done = command(*again, "--min-score", "0.5")
    assert done.exit_code == 1 and "was begun with --min-score unset, not 0.5" in done.stderr
    (models / "manifest.json").write_text("{ }", encoding="utf-8")
    done = command(*again)
    assert done.exit_code == 1 and "was begun with models " in done.stderr
    (models / "manifest.json").write_text("{}", encoding="utf-8")
    source.write_text(lines + '{"text": "Rain"}\n', encoding="utf-8")
    done = command(*again)
    assert done.exit_code == 1 and left(output) == ["out.jsonl"]  # one page of them fails
    whole = tmp_path / "whole.jsonl"
    assert command(source, "-o", whole).exit_code == 1
    assert whole.read_bytes() == output.read_bytes()


def test_a_process_that_is_killed_is_gone_on_with(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    slow = {**environment, "FAKE_SECONDS_A_PAGE": "0.01", "FAKE_SECONDS_A_COMMIT": "0.05"}
    source, output = pages(tmp_path, 120), tmp_path / "out.csv"
    again = [source, "-o", output, "--resume"]
    part = tmp_path / "out.csv.part"
    for size in (1, 4000):
        with subprocess.Popen([sys.executable, SCRIPT, *again], stderr=-3, env=slow) as process:
            while process.poll() is None and not (part.exists() and part.stat().st_size > size):
                time.sleep(0.01)
            process.kill()
        assert process.returncode == -signal.SIGKILL
    done = run(*again, env=slow)
    assert done.returncode == 1 and b"going on after" in done.stderr
    assert run(source, "-o", tmp_path / "whole.csv").stderr.count(b"\n") == 17
    assert output.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    with output.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == sum(i % 4 for i in range(120) if i % 7 != 3)


@pytest.mark.parametrize("kind", ["jsonl", "folder"])
def test_memory_does_not_grow_with_the_number_of_pages(
    environment: dict[str, str], tmp_path: Path, kind: str
) -> None:
    text = "".join(f"Rain in town {n}, and more of it than was forecast\n" for n in range(20))
    peaks = []
    for count in (1_000, 20_000):
        source = tmp_path / f"{count}.jsonl"
        if kind == "jsonl":
            with source.open("w", encoding="utf-8") as file:
                for i in range(count):
                    file.write(json.dumps({"text": f"{i}\n{text}"}) + "\n")
        else:
            source = tmp_path / f"{count}"
            source.mkdir()
            for i in range(count):
                (source / f"{i}.txt").write_text(f"{i}\n", encoding="utf-8")
        command = [sys.executable, SCRIPT, source, "-o", tmp_path / "out.jsonl", "--resume"]
        process = subprocess.Popen(command, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        peaks.append(usage.ru_maxrss)
    assert isinstance(usage, resource.struct_rusage)
    assert peaks[1] < 1.1 * peaks[0], peaks
