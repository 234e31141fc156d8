"""Processes: a core each, for work whose part in Python would make threads wait for one another."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pipeline.threads import AHEAD, VARIABLE

ONE_THREAD = {VARIABLE: "1", "TOKENIZERS_PARALLELISM": "false"}
MEMORY = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")

Item = TypeVar("Item")
Result = TypeVar("Result")


class DiedError(Exception):
    """A process has ended before it answered. ``code`` is its exit code: of a signal, negative."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"a process has ended with {code}")
        self.code = code


class Answer(NamedTuple):
    """What a process sends back: a result, or the fault that came in place of it."""

    result: Any
    fault: Exception | None


class Crew(Generic[Item, Result]):
    """Processes that put items to a function, one at a time each, with a thread each.

    They hear no Ctrl-C, and end with the process that started them, whatever ended that. Items,
    results and ``start`` are pickled on their way between them. A process is sent an item when it
    waits for one, so that neither side ever waits for the other to read.

    :param start: makes the function, in each process, when its first item is there.
    :param size: how many processes.
    """

    def __init__(self, start: Callable[[], Callable[[Item], Result]], size: int) -> None:
        context = get_context("spawn")  # a fork would take over threads and locks in any state
        self._processes: dict[Connection, Any] = {}
        self._idle: deque[Connection] = deque()
        self._busy: dict[Connection, int] = {}
        with _ctrl_c_later():
            for _ in range(size):
                here, there = context.Pipe()
                process = context.Process(target=_work, args=(start, there), daemon=True)
                self._processes[here] = process
                process.start()
                there.close()  # so that its death is the end of the pipe
                self._idle.append(here)

    def in_order(self, items: Iterable[Item]) -> Iterator[Result]:
        """Put items to the function, and yield the results in the order of the items.

        At most :data:`~pipeline.threads.AHEAD` items a process are taken before their results are
        asked for. A fault comes in its turn: of an item, or of taking one.

        :raises DiedError: a process has; the crew is of no more use.
        """
        while self._busy:  # with what nobody asked for any more
            self._received(*wait(list(self._busy))[:1])
        waiting = iter(items)
        answers: dict[int, Answer] = {}
        sent = told = 0
        fault: Exception | None = None
        over = False
        while told < sent or not over:
            while self._idle and not over and sent - told < AHEAD * len(self._processes):
                try:
                    data = pickle.dumps(next(waiting))
                except StopIteration:
                    over = True
                except Exception as error:
                    over, fault = True, error
                else:
                    self._send(sent, data)
                    sent += 1
            if self._busy:
                for connection in wait(list(self._busy), timeout=0 if told in answers else None):
                    number, answer = self._received(connection)
                    answers[number] = answer
            if told in answers:
                answer = answers.pop(told)
                told += 1
                if answer.fault is not None:
                    raise answer.fault
                yield answer.result
        if fault is not None:
            raise fault

    def close(self) -> None:
        """End the processes, whatever they are at."""
        for process in self._processes.values():
            process.terminate()
        for connection, process in self._processes.items():
            process.join()
            connection.close()

    def _send(self, number: int, data: bytes) -> None:
        connection = self._idle.popleft()
        self._busy[connection] = number
        with suppress(OSError):  # it has died: that shows when its answer is read
            connection.send_bytes(data)

    def _received(self, connection: Any) -> tuple[int, Answer]:
        number = self._busy.pop(connection)
        try:
            data = connection.recv_bytes()
        except (EOFError, OSError) as error:
            process = self._processes[connection]
            process.join(timeout=1)
            raise DiedError(process.exitcode) from error
        self._idle.append(connection)
        return number, _unpickled(data)


def fitting(size: int, megabytes: int) -> int:
    """Return how many of ``size`` processes have room in the memory at hand; one at least.

    :param megabytes: what each of them takes.
    """
    room = min(_available(), default=None)
    return size if room is None else max(1, min(size, room // (megabytes << 20)))


def _available() -> Iterator[int]:
    """Yield the bytes that the machine has left, and those that its container has.

    What a container keeps of files that it has read is given up when room is needed.
    """
    with suppress(OSError, ValueError):
        for line in MEMORY.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                yield int(line.split()[1]) << 10
    with suppress(OSError, ValueError):
        most, used = (
            int((CGROUP / f"memory.{name}").read_text(encoding="ascii"))
            for name in ("max", "current")
        )
        with suppress(OSError):
            for line in (CGROUP / "memory.stat").read_text(encoding="ascii").splitlines():
                if line.startswith("inactive_file "):
                    used -= int(line.split()[1])
        yield max(0, most - used)


@contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """Keep Ctrl-C for afterwards; a process that is started in here never hears of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which lets Ctrl-C through once it has been started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(start: Callable[[], Callable[[Any], Any]], connection: Any) -> None:
    """Answer items until there are no more: what a process does."""
    os.environ.update(ONE_THREAD)  # before libraries that look at it are loaded
    threading.Thread(target=_end_with_parent, daemon=True).start()
    function: Callable[[Any], Any] | None = None
    with suppress(EOFError, OSError):  # there is nobody any more who asks
        while True:
            item = _unpickled(connection.recv_bytes())
            try:
                function = function or start()
                answer = pickle.dumps(Answer(function(item), None))
            except Exception as error:
                answer = _pickled(error)
            connection.send_bytes(answer)


def _pickled(fault: Exception) -> bytes:
    """Pickle a fault and where it was raised; what cannot be pickled and read again is named."""
    place = traceback.format_exc()
    fault.add_note(place)
    try:
        data = pickle.dumps(Answer(None, fault))
        _unpickled(data)
    except Exception:
        named = RuntimeError(f"{type(fault).__name__}: {fault}")
        named.add_note(place)
        return pickle.dumps(Answer(None, named))
    return data


def _unpickled(data: bytes) -> Any:
    """Read what has come over a pipe between two processes of one call, which nobody else has."""
    return pickle.loads(data)  # noqa: S301


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
    os._exit(1)
