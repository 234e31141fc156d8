"""Processes: a core each, for work whose part in Python would make threads wait for one another."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from typing import Any, Generic, TypeVar

from pipeline.threads import VARIABLE, beside_others

ONE_THREAD = {VARIABLE: "1", "TOKENIZERS_PARALLELISM": "false"}

Item = TypeVar("Item")
Result = TypeVar("Result")
_START: list[Callable[[], Callable[[Any], Any]]] = []
_FUNCTION: list[Callable[[Any], Any]] = []


class Crew(Generic[Item, Result]):
    """Processes that put items to a function, one at a time each, with a thread each.

    They are started as items come, hear no Ctrl-C, and end with the process that started them,
    whatever ended that. Items, results and ``start`` are pickled on their way between them.

    :param start: makes the function, once in each process, when its first item is there.
    :param size: how many processes.
    """

    def __init__(self, start: Callable[[], Callable[[Item], Result]], size: int) -> None:
        context = get_context("spawn")  # a fork would take over threads and locks in any state
        self._stop = context.Event()
        self._pool = ProcessPoolExecutor(
            size, mp_context=context, initializer=_begin, initargs=(start, self._stop)
        )

    def begin(self, item: Item) -> Future[Result]:
        """Give an item to the next process that is free.

        A fault of ``start`` or of the function is that of the result; it is a
        ``BrokenProcessPool`` if a process has died, and no further item can be begun then.
        """
        with _ctrl_c_later():
            return self._pool.submit(_do, item)

    def close(self) -> None:
        """End the processes; what they are at is broken off where it looks for that."""
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """Keep Ctrl-C for afterwards; a process that is started in here never hears of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(start: Callable[[], Callable[[Any], Any]], stop: Event) -> None:
    os.environ.update(ONE_THREAD)  # before libraries that look at it are loaded
    beside_others(stop)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _START.append(start)


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
    os._exit(1)


def _do(item: Any) -> Any:
    if not _FUNCTION:
        _FUNCTION.append(_START[0]())
    return _FUNCTION[0](item)
