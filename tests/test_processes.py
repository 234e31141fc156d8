"""Processes that put items to a function: in order, none left over, none lost silently."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import processes
from pipeline.errors import BroadsheetError
from pipeline.processes import Crew, DiedError, fitting
from pipeline.threads import AHEAD, VARIABLE, cores, in_order
from tests.waiting import until

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", __name__]  # this file, as a program


class OddError(Exception):
    """Is pickled, and cannot be read again."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"{number} {why}")


def squaring(waits: float = 0.0) -> Callable[[int], int]:
    """Make what squares numbers, the smaller the slower; some are refused."""

    def square(number: int) -> int:
        if number == 13:
            raise BroadsheetError("13 is refused")
        if number == 14:
            raise OddError(14, "too")
        time.sleep(waits / (number + 1))
        return number * number

    return square


def telling() -> Callable[[str], Any]:
    """Make what tells how it stands with its process."""

    def tell(what: str) -> Any:
        if what == "threads":
            within = set(in_order(lambda _: threading.get_ident(), range(9)))
            return cores(), os.environ["TOKENIZERS_PARALLELISM"], len(within)
        if what == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "go on":
            time.sleep(300)
        if what == "a lambda":
            return lambda: None
        return what if len(what) > 99 else os.getpid()

    return tell


def refusing() -> Callable[[str], Any]:
    """Fail to make anything."""
    raise BroadsheetError("no models")


@pytest.fixture
def crew() -> Iterator[Crew[str, Any]]:
    with closing(Crew(telling, 2)) as opened:
        yield opened


@given(numbers=st.lists(st.integers(0, 12), max_size=9))
@settings(deadline=None)
def test_law_results_come_in_the_order_of_the_items(numbers: list[int]) -> None:
    assert list(squares().in_order(numbers)) == [number * number for number in numbers]


@cache
def squares() -> Crew[int, int]:
    return Crew(partial(squaring, 0.01), 3)


def test_few_items_are_taken_before_their_results_are_asked_for() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1_000):
            taken.append(number)
            yield number % 10

    with closing(Crew(squaring, 2)) as crew, closing(crew.in_order(items())) as results:
        for done in range(1, 20):
            next(results)
            assert len(taken) <= done + AHEAD * 2
    assert len(taken) < 30


def test_a_fault_comes_in_its_turn_and_the_next_items_have_their_own_results() -> None:
    def items() -> Iterator[int]:
        yield 2
        raise OSError("the folder has gone")

    with closing(Crew(squaring, 2)) as crew:
        results = crew.in_order([2, 13, 4, 5])
        assert next(results) == 4
        with pytest.raises(BroadsheetError, match="13 is refused"):
            next(results)
        assert list(crew.in_order([5, 6])) == [25, 36]
        results = crew.in_order(items())
        assert next(results) == 4
        with pytest.raises(OSError, match="the folder has gone"):
            next(results)


def test_a_fault_brings_the_place_where_it_was_raised() -> None:
    with closing(Crew(squaring, 1)) as crew, pytest.raises(BroadsheetError) as raised:
        list(crew.in_order([13]))
    assert "in square" in raised.value.__notes__[0]


def test_a_fault_that_cannot_be_sent_is_named() -> None:
    with closing(Crew(squaring, 1)) as crew:
        results = crew.in_order([3, 14])
        assert next(results) == 9
        with pytest.raises(RuntimeError, match="OddError: 14 too") as raised:
            next(results)
        assert "in square" in raised.value.__notes__[0]


def test_an_item_that_cannot_be_sent_is_a_fault_in_its_turn() -> None:
    items: list[Any] = [2, lambda: None, 3]
    with closing(Crew(squaring, 2)) as crew:
        results = crew.in_order(items)
        assert next(results) == 4
        with pytest.raises((AttributeError, pickle.PicklingError), match="lambda"):
            next(results)
        assert list(crew.in_order([5, 6])) == [25, 36]


def test_a_process_works_with_one_thread_and_can_be_asked_again(crew: Crew[str, Any]) -> None:
    first = _all(crew)
    assert os.getpid() not in first
    assert list(crew.in_order(["threads"] * 3)) == [(1, "false", 1)] * 3
    assert _all(crew) == first


def test_texts_longer_than_a_pipe_go_to_and_fro(crew: Crew[str, Any]) -> None:
    texts = [letter * 1_000_000 for letter in "abcdefgh"]
    assert list(crew.in_order(texts)) == texts


def test_what_cannot_be_made_is_told_by_each_item() -> None:
    with closing(Crew(refusing, 1)) as crew:
        for _ in range(2):
            with pytest.raises(BroadsheetError, match="no models"):
                list(crew.in_order(["who"]))


def test_what_cannot_be_sent_back_is_a_fault(crew: Crew[str, Any]) -> None:
    with pytest.raises((AttributeError, pickle.PicklingError), match="lambda"):
        list(crew.in_order(["a lambda"]))
    assert len(_all(crew)) == 2


def test_a_process_that_dies_is_not_passed_over(crew: Crew[str, Any]) -> None:
    with pytest.raises(DiedError) as raised:
        list(crew.in_order(["x" * 1_000_000, "die", *["x" * 1_000_000] * 5]))
    assert raised.value.code == -signal.SIGKILL


def test_an_idle_process_that_died_is_not_passed_over(crew: Crew[str, Any]) -> None:
    os.kill(_all(crew).pop(), signal.SIGTERM)
    with pytest.raises(DiedError):
        for _ in range(50):
            list(crew.in_order(["x" * 1_000_000] * 4))


def test_closing_breaks_off_what_is_under_way_and_leaves_no_process() -> None:
    crew: Crew[str, Any] = Crew(telling, 2)
    processes = _all(crew)
    results = crew.in_order(["who", "go on", "go on"])
    assert next(results) in processes
    begun = time.monotonic()
    crew.close()
    assert time.monotonic() - begun < 20
    assert not any(map(_alive, processes))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_processes_end_with_the_one_that_started_them(end: signal.Signals) -> None:
    with subprocess.Popen(PROGRAM, stdout=-1, text=True, cwd=ROOT) as parent:
        assert parent.stdout
        children = [int(line) for line in (parent.stdout.readline(), parent.stdout.readline())]
        assert all(map(_alive, children))
        parent.send_signal(end)
        parent.wait(timeout=30)
        assert until(lambda: not any(map(_alive, children)))


def test_ctrl_c_is_not_for_the_processes_not_even_the_first_of_a_program() -> None:
    with subprocess.Popen(PROGRAM, stdout=-1, stderr=-1, text=True, cwd=ROOT) as parent:
        assert parent.stdout and parent.stderr
        children = [int(line) for line in (parent.stdout.readline(), parent.stdout.readline())]
        for process in children:
            os.kill(process, signal.SIGINT)
        time.sleep(0.3)
        assert all(map(_alive, children))
        parent.kill()
        assert until(lambda: not any(map(_alive, children)))
        assert parent.stderr.read() == ""
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


@pytest.mark.parametrize(
    ("machine", "most", "used", "count"),
    [
        ("MemAvailable:  1048576 kB", "max", "0", 10),
        ("MemAvailable:  1048576 kB", f"{900 << 20}", f"{595 << 20}", 3),
        ("MemAvailable:   307200 kB", f"{900 << 20}", "0", 3),
        ("MemAvailable:      100 kB", "max", "0", 1),
        ("MemAvailable:  1048576 kB", "100", "200", 1),
        ("", "no number", "0", 12),
    ],
)
def test_there_are_no_more_processes_than_there_is_memory_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    machine: str,
    most: str,
    used: str,
    count: int,
) -> None:
    (tmp_path / "meminfo").write_text(f"MemTotal: 9 kB\n{machine}\n")
    (tmp_path / "memory.max").write_text(f"{most}\n")
    (tmp_path / "memory.current").write_text(f"{used}\n")
    monkeypatch.setattr(processes, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(processes, "CGROUP", tmp_path)
    assert fitting(12, megabytes=100) == count
    (tmp_path / "memory.stat").write_text(f"anon 5\ninactive_file {200 << 20}\nslab 7\n")
    assert fitting(12, megabytes=100) == {3: 5 if used != "0" else 3}.get(count, count)


def _all(crew: Crew[str, Any]) -> set[int]:
    """Ask until both have answered."""
    found: set[int] = set()
    while len(found) < 2:
        found.update(crew.in_order(["who"] * 4))
    return found


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return state.rpartition(") ")[2][0] != "Z"


def main() -> None:
    """Start processes, name them, and give one something that takes long."""
    os.environ.pop(VARIABLE, None)
    crew: Crew[str, Any] = Crew(telling, 2)
    for process in _all(crew):
        sys.stdout.write(f"{process}\n")
    sys.stdout.flush()
    list(crew.in_order(["go on"]))


if __name__ == "__main__":
    main()
