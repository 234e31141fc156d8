from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.store import cache as module
from pipeline.store.cache import FILE, FOLDER, OFF, SIZE, Cache, open_cache

LARGE = 1 << 30
ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from pathlib import Path
from pipeline.store.cache import Cache
path, name, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
cache = Cache(path, 1 << 30)
for number in range(rounds):
    keys = [f"{name} {number} {i}".encode() for i in range(20)]
    cache.put({key: key * 50 for key in keys})
    if number == 0:
        print("begun", flush=True)
"""


def writer(path: Path, name: str, rounds: int) -> subprocess.Popen[bytes]:
    """A process that puts twenty values a round, each its key fifty times over."""
    arguments = [sys.executable, "-c", WRITER, str(path), name, str(rounds)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE)


def all_rows(path: Path) -> dict[bytes, bytes]:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    rows = dict(connection.execute("SELECT key, value FROM entries").fetchall())
    connection.close()
    return rows


@given(st.dictionaries(st.binary(max_size=40), st.binary(max_size=2000), max_size=30))
def test_what_was_put_is_got_and_nothing_else(values: dict[bytes, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder) / "cache.sqlite", LARGE)
        cache.put(values)
        cache.close()
        assert cache.get([*values, b"another key, longer than forty bytes can be"]) == values
        cache.close()


def test_more_keys_than_a_query_takes_are_asked_for(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache.sqlite", LARGE)
    values = {b"%d" % i: b"%d" % (2 * i) for i in range(3 * module.AT_ONCE + 7)}
    cache.put(values)
    assert cache.get(list(values)) == values


def test_a_value_put_again_is_the_later_one(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache.sqlite", LARGE)
    cache.put({b"key": b"before"})
    cache.put({b"key": b"after"})
    assert cache.get([b"key"]) == {b"key": b"after"}


def test_the_file_stays_below_its_size_and_loses_what_was_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr(module.time, "time", lambda: now[0])
    path, most = tmp_path / "cache.sqlite", 1 << 20
    cache = Cache(path, most)
    for number in range(60):
        now[0] += 2 * module.FRESH
        cache.put({b"%d-%d" % (number, i): bytes(4000) for i in range(10)})
        assert cache.get([b"0-0"]) == {b"0-0": bytes(4000)}, "asked for every time, so kept"
    cache.close()
    kept = all_rows(path)
    assert path.stat().st_size <= most
    assert 0.8 * most < sum(map(len, kept.values()))
    assert {b"59-%d" % i for i in range(10)} < kept.keys()
    assert kept.keys() & {b"0-1", b"1-0", b"30-0"} == set()


def test_a_smaller_size_makes_the_file_smaller(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path, LARGE)
    cache.put({b"%d" % i: bytes(4000) for i in range(1000)})
    cache.close()
    assert path.stat().st_size > 4_000_000
    cache = Cache(path, 1 << 20)
    cache.put({b"new": b"value"})
    assert cache.get([b"new"]) == {b"new": b"value"}
    cache.close()
    assert path.stat().st_size <= 1 << 20


def test_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "cache.sqlite"
    processes = [writer(path, name, 25) for name in "abcd"]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    names = [f"{name} {n} {i}".encode() for name in "abcd" for n in range(25) for i in range(20)]
    assert all_rows(path) == {name: name * 50 for name in names}


def test_a_killed_writer_leaves_whole_rounds_and_hinders_no_one(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    for attempt in range(3):
        process = writer(path, str(attempt), 1_000_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.15 + 0.1 * attempt)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        rows = all_rows(path)
        assert rows
        assert len(rows) % 20 == 0, "a round is there whole or not at all"
        assert all(value == key * 50 for key, value in rows.items())
    cache = Cache(path, LARGE)
    cache.put({b"after": b"all"})
    assert cache.get([b"after", b"0 0 0"]) == {b"after": b"all", b"0 0 0": b"0 0 0" * 50}


def test_a_damaged_value_is_unknown_until_it_is_put_again(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path, LARGE)
    cache.put({b"whole": b"one", b"damaged": b"two"})
    cache.close()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE entries SET value = ? WHERE key = ?", (b"tw", b"damaged"))
    connection.close()
    assert cache.get([b"whole", b"damaged"]) == {b"whole": b"one"}
    cache.put({b"damaged": b"two"})
    assert cache.get([b"damaged"]) == {b"damaged": b"two"}


def test_a_file_of_another_kind_is_named_once_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"no database, but long enough to be looked at as one" * 40)
    before = path.read_bytes()
    cache = Cache(path, LARGE)
    assert cache.get([b"key"]) == {}
    cache.put({b"key": b"value"})
    assert cache.get([b"key"]) == {}
    assert path.read_bytes() == before
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"cache: {path}: file is not a database; going on without it")


def test_a_folder_that_cannot_be_made_is_done_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = Cache(tmp_path / "file" / "cache.sqlite", LARGE)
    cache.put({b"key": b"value"})
    assert cache.get([b"key"]) == {}
    assert capsys.readouterr().err.count("\n") == 1


def test_the_environment_says_where_and_how_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setenv(SIZE, "3")
    found = open_cache()
    assert found is not None
    assert (found.path, found.most) == (tmp_path / FILE, 3 << 20)
    monkeypatch.setenv(FOLDER, OFF)
    assert open_cache() is None
    monkeypatch.delenv(FOLDER)
    monkeypatch.delenv(SIZE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    found = open_cache()
    assert found is not None
    assert found.path.name == FILE
    assert not found.path.exists(), "nothing is made before it is needed"


@pytest.mark.parametrize("size", ["", "0", "-1", "much", "1.5", "²"])
def test_a_size_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: str
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setenv(SIZE, size)
    with pytest.raises(UsageError, match=f"{SIZE}={size}"):
        open_cache()
