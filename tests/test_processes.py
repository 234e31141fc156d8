"""Processes that put items to a function: in order, none left over, none lost silently."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from pipeline.errors import BroadsheetError
from pipeline.processes import Crew
from pipeline.threads import VARIABLE, ahead, cores, in_order

SCRIPT = Path(__file__)


def squaring(waits: float = 0.0) -> Callable[[int], int]:
    """Make what squares numbers, the smaller the slower; one is refused."""

    def square(number: int) -> int:
        if number == 13:
            raise BroadsheetError("13 is refused")
        time.sleep(waits / (number + 1))
        return number * number

    return square


def telling() -> Callable[[str], str]:
    """Make what tells how it stands with its process."""

    def tell(what: str) -> str:
        if what == "threads":
            within = set(in_order(lambda _: threading.get_ident(), range(9)))
            return f"{cores()} {os.environ['TOKENIZERS_PARALLELISM']} {len(within)}"
        if what == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "go on":
            for _ in in_order(time.sleep, [0.05] * 6_000):
                pass
        return str(os.getpid())

    return tell


def refusing() -> Callable[[str], str]:
    """Fail to make anything."""
    raise BroadsheetError("no models")


def test_results_come_in_the_order_of_the_items_from_all_processes() -> None:
    with closing(Crew(partial(squaring, 0.05), 3)) as crew:
        found = list(ahead(crew.begin, range(12), limit=6))
    assert found == [number * number for number in range(12)]


def test_a_fault_comes_in_its_turn_and_the_next_item_is_done() -> None:
    with closing(Crew(squaring, 2)) as crew:
        results = ahead(crew.begin, [2, 13, 4], limit=3)
        assert next(results) == 4
        with pytest.raises(BroadsheetError, match="13 is refused"):
            next(results)
        assert crew.begin(4).result(timeout=30) == 16


def test_a_process_works_with_one_thread_and_can_be_asked_again() -> None:
    with closing(Crew(telling, 1)) as crew:
        own = crew.begin("who").result(timeout=30)
        assert crew.begin("threads").result(timeout=30) == "1 false 1"
        assert crew.begin("who").result(timeout=30) == own != str(os.getpid())


def test_what_cannot_be_made_is_told_by_each_item() -> None:
    with closing(Crew(refusing, 1)) as crew:
        for _ in range(2):
            with pytest.raises(BroadsheetError, match="no models"):
                crew.begin("who").result(timeout=30)


def test_a_process_that_dies_is_not_passed_over() -> None:
    with closing(Crew(telling, 2)) as crew:
        results = ahead(crew.begin, ["die", *["who"] * 5], limit=4)
        with pytest.raises(BrokenProcessPool):
            list(results)


def test_closing_breaks_off_what_is_long_and_leaves_no_process() -> None:
    crew = Crew(telling, 1)
    own = int(crew.begin("who").result(timeout=30))
    crew.begin("go on")
    time.sleep(0.3)
    begun = time.monotonic()
    crew.close()
    assert time.monotonic() - begun < 20
    assert not _alive(own)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_processes_end_with_the_one_that_started_them(end: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, SCRIPT], stdout=-1, text=True, cwd=".") as parent:
        assert parent.stdout
        children = [int(line) for line in (parent.stdout.readline(), parent.stdout.readline())]
        assert all(map(_alive, children))
        parent.send_signal(end)
        parent.wait(timeout=30)
        assert _until(lambda: not any(map(_alive, children)))


def test_ctrl_c_is_not_for_the_processes() -> None:
    with closing(Crew(telling, 1)) as crew:
        own = int(crew.begin("who").result(timeout=30))
        os.kill(own, signal.SIGINT)
        assert crew.begin("who").result(timeout=30) == str(own)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return state.rpartition(") ")[2][0] != "Z"


def _until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def _at_work() -> Iterator[str]:
    crew = Crew(telling, 2)
    found: set[str] = set()
    while len(found) < 2:
        found |= set(ahead(crew.begin, ["who"] * 4, limit=4))
    crew.begin("go on")
    yield from found


if __name__ == "__main__":
    os.environ.pop(VARIABLE, None)
    for line in _at_work():
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    time.sleep(60)
