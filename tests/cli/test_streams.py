"""The commands in processes of their own: streams, pipes, locales and what they import."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import SCRIPT, Run, press_ctrl_c


def test_results_on_stdout_and_messages_on_stderr(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Caf\u00e9 \u2014 caf\u00e9\r\n".encode())
    done = run("a.txt", "none.txt")
    assert done.returncode == 1
    assert json.loads(done.stdout)["text"] == "Caf\u00e9 \u2014 caf\u00e9"
    assert done.stderr == b"classify: none.txt: no such file or directory\n"


def test_data_is_utf8_whatever_the_locale(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    plain = {**environment, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(input="Café —\r\n".encode(), env={**plain, "PYTHONIOENCODING": "ascii"})
    assert json.loads(done.stdout.decode("utf-8"))["text"] == "Café —"
    done = run(
        "--format", "table", input="Café —\n".encode(), env={**plain, "PYTHONIOENCODING": "ascii"}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Caf? ?" in done.stdout


def test_a_name_that_is_not_utf8(run: Run, tmp_path: Path) -> None:
    name = b"caf\xe9.txt"
    try:
        (tmp_path / os.fsdecode(name)).write_text("Rain\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    done = run(name)
    assert (done.returncode, json.loads(done.stdout)["source"]) == (0, "caf\ufffd.txt")


def read_one_line(environment: dict[str, str], *arguments: str) -> tuple[bytes, int]:
    """Give many stories, read a line of the answer, and go; nothing is said of it."""
    text = b"".join(b"Story number %d about the rain\n" % n for n in range(20_000))
    command = [sys.executable, SCRIPT, *arguments]
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, env=environment) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(text)
        process.stdin.close()
        first = process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    return first, process.returncode


def test_a_pipe_whose_reader_has_gone_is_quiet(environment: dict[str, str]) -> None:
    first, code = read_one_line(environment)
    assert json.loads(first)["index"] == 0
    assert code == 141
    assert read_one_line(environment, "--format", "table")[1] == 141


def test_closed_streams_are_no_traceback(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain\n", encoding="utf-8")
    for closed, code in (("<&-", 2), ("a.txt >&-", 1)):
        done = subprocess.run(
            f'"{sys.executable}" "{SCRIPT}" {closed}',
            shell=True, cwd=tmp_path, env=environment, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == code
        assert done.stderr.count(b"\n") == 1 and b"Traceback" not in done.stderr


def test_ctrl_c_while_reading_is_130(environment: dict[str, str], tmp_path: Path) -> None:
    press_ctrl_c("-", tmp_path / "out.json", environment, at_work=0.2, stdin=subprocess.PIPE)


def test_on_a_terminal_a_table_and_no_escape_of_the_page(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(b"Rain \x1b]0;owned\x07 in \x1b[2J Lille\n")
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, SCRIPT, "a.txt"],
        cwd=tmp_path, env={**environment, "TERM": "xterm"}, stdin=slave, stdout=slave, stderr=-1,
    )  # fmt: skip
    os.close(slave)
    shown = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(master)
    assert process.wait(timeout=30) == 0
    assert process.stderr and process.stderr.read() == b""
    process.stderr.close()
    assert b"1 story" in shown and b"\x1b[1m" in shown
    assert b"\x1b]0" not in shown and b"\x1b[2J" not in shown and b"\x07" not in shown


def test_progress_shows_on_a_terminal_and_not_when_quiet(
    environment: dict[str, str], tmp_path: Path
) -> None:
    for name in ("a.txt", "b[bold].txt"):
        (tmp_path / name).write_text("Rain\n", encoding="utf-8")
    shown = {}
    for option in ("--quiet", "--no-split"):
        master, slave = pty.openpty()
        done = subprocess.run(
            [sys.executable, SCRIPT, "a.txt", "b[bold].txt", option],
            cwd=tmp_path, env={**environment, "TERM": "xterm"}, stdin=-3, stdout=-1, stderr=slave,
            check=False,
        )  # fmt: skip
        os.write(slave, b"END")
        shown[option] = os.read(master, 65536)
        os.close(slave)
        os.close(master)
        assert done.returncode == 0 and len(done.stdout.splitlines()) == 2
    assert shown["--quiet"] == b"END"
    assert b"2/2" in shown["--no-split"] or b"1/2" in shown["--no-split"]


def test_help_is_quick_and_imports_nothing_heavy(environment: dict[str, str]) -> None:
    code = (
        "import sys; from pipeline.cli import classify_main\n"
        "sys.argv = ['classify', '-h']\n"
        "try: classify_main()\n"
        "except SystemExit: print('|'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert "Usage: classify" in done.stdout
    loaded = set(done.stderr.strip().split("|"))
    heavy = {"torch", "sklearn", "numpy", "mlflow", "transformers", "pycountry", "rich.table"}
    heavy.add("jinja2")
    assert not loaded & heavy


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_device_is_one_line_for_the_version_too(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, SCRIPT, "--umbrella", "version"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr and done.stderr.count(b"\n") == 1
