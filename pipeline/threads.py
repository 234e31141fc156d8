"""Threads: a core for each of several things to do, or one where a team would change last bits."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

CPUS = Path("/sys/devices/system/cpu")
VARIABLE = "OMP_NUM_THREADS"
AHEAD = 2  # items a core that are begun, or wait for their turn
TURN = 0.5  # seconds that a thread may keep the interpreter while others wait for it

Item = TypeVar("Item")
Result = TypeVar("Result")
_OWN = threading.local()
_TURNS = threading.Lock()
_FOUND: list[float] = []  # what each who asked for long turns found, the first at the front


def cores() -> int:
    """Count the threads to work with: ``OMP_NUM_THREADS``, or the physical cores at hand.

    Two threads that share a core's arithmetic are no faster than one.
    """
    if (given := os.environ.get(VARIABLE, "")).isdigit() and int(given):
        return int(given)
    if not hasattr(os, "sched_getaffinity"):
        return max(1, (os.cpu_count() or 2) // 2)
    usable = os.sched_getaffinity(0)
    siblings = {_siblings(cpu) for cpu in usable}
    return max(1, min(len(siblings), len(usable)))


def _siblings(cpu: int) -> str:
    """Name the threads that share a core with this one; itself alone where nothing says so."""
    try:
        return (CPUS / f"cpu{cpu}/topology/thread_siblings_list").read_text(encoding="ascii")
    except OSError:
        return str(cpu)


def in_order(
    function: Callable[[Item], Result], items: Iterable[Item]
) -> Generator[Result, None, None]:
    """Apply ``function`` to items, a core each, and yield the results in their order.

    Items are taken in the caller's thread, at most :data:`AHEAD` a core before their results are
    asked for; a lone one is done there too. What is itself done here beside others does its own
    items one by one, so that no more threads are at work than there are cores. If asking stops,
    it ends before its next item. A fault comes in its turn: of an item, or of taking one.

    >>> list(in_order(abs, [-2, 1]))
    [2, 1]
    """
    stop: threading.Event | None = getattr(_OWN, "stop", None)
    if stop is not None:
        yield from _until(stop, function, items)
        return
    size = cores()
    some = Beginning(items, 2 if size > 1 else 0)
    if some.size < 2:
        yield from map(function, some)
        return
    yield from _side_by_side(function, iter(some), size)


class Beginning(Generic[Item]):
    """Items of which some have been taken to see how many there are; all come, once.

    :param count: how many are taken at most; a fault in taking one comes in its turn.
    """

    def __init__(self, items: Iterable[Item], count: int) -> None:
        self._rest = iter(items)
        self._taken: deque[Item] = deque()
        self._fault: Exception | None = None
        try:
            self._taken.extend(islice(self._rest, count))
        except Exception as error:
            self._fault = error
        self.size = len(self._taken)

    def __iter__(self) -> Iterator[Item]:
        while self._taken:
            yield self._taken.popleft()
        if self._fault is not None:
            raise self._fault
        yield from self._rest


@contextmanager
def long_turns() -> Iterator[None]:
    """Let a thread keep the interpreter until it gives it up, in a process whose own work this is.

    Each gives it up many times a second, for as long as it is inside a network. To be made to in
    between, every 5 ms as Python has it, costs more than the others' waiting. The first who asks
    for it changes it for the process, and the last who leaves changes it back.
    """
    with _TURNS:
        _FOUND.append(sys.getswitchinterval())
        sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        with _TURNS:
            before = _FOUND[0]
            _FOUND.pop()
            if not _FOUND:
                sys.setswitchinterval(before)


def _side_by_side(
    function: Callable[[Item], Result], items: Iterator[Item], size: int
) -> Iterator[Result]:
    stop = threading.Event()
    begun: deque[Future[Result]] = deque()
    fault: Exception | None = None
    pool = ThreadPoolExecutor(size, initializer=_beside_others, initargs=(stop,))
    try:
        while fault is None:
            try:
                begun.append(pool.submit(function, next(items)))
            except StopIteration:
                break
            except Exception as error:
                fault = error
            while begun and (begun[0].done() or len(begun) >= AHEAD * size):
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
        if fault is not None:
            raise fault
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _beside_others(stop: threading.Event) -> None:
    _OWN.stop = stop


def _until(
    stop: threading.Event, function: Callable[[Item], Result], items: Iterable[Item]
) -> Iterator[Result]:
    for item in items:
        if stop.is_set():
            raise CancelledError
        yield function(item)


def one_thread() -> AbstractContextManager[Any]:
    """Keep linear algebra to one thread: it then adds up in one order, whatever the machine."""
    limits: AbstractContextManager[Any] = _controller().limit(limits=1)
    return limits


def apart(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Apply ``function`` to items, a core each, with linear algebra and trees of one thread.

    For fits that have nothing to do with one another: a team of threads on each of them would
    wait for its slowest at every step.

    >>> apart(abs, [-2, 1])
    [2, 1]
    """
    with one_thread(), ThreadPoolExecutor(cores(), initializer=_alone) as pool:
        return list(pool.map(function, items))


def _alone() -> None:
    """Keep the OpenMP team of this thread, which is no one else's, to itself."""
    _controller().limit(limits=1)


@cache
def _controller() -> Any:
    """Find the thread pools of the libraries that are loaded, once: looking costs milliseconds."""
    import sklearn.ensemble  # noqa: F401  (its pools must be loaded to be found)
    from threadpoolctl import (  # type: ignore[import-untyped, unused-ignore]
        ThreadpoolController,
    )

    return ThreadpoolController()
