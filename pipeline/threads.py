"""How many threads: as many as there are cores, or one where a team would change the last bits."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

CPUS = Path("/sys/devices/system/cpu")
VARIABLE = "OMP_NUM_THREADS"
AHEAD = 2  # items a thread that are begun, or wait for their turn

Item = TypeVar("Item")
Result = TypeVar("Result")
_OWN = threading.local()


def cores() -> int:
    """Count the threads to encode with: ``OMP_NUM_THREADS``, or the physical cores at hand.

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


def in_order(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Apply ``function`` to items, a core each, and yield the results in their order.

    Items are taken in the caller's thread, :data:`AHEAD` a thread before their results are asked
    for. What is itself done here beside others does its own items one by one, so that no more
    threads are at work than there are cores.

    >>> list(in_order(abs, [-2, 1]))
    [2, 1]
    """
    waiting = iter(items)
    several = cores() > 1 and not getattr(_OWN, "beside_others", False)
    first = list(islice(waiting, 2)) if several else []
    if len(first) < 2:
        yield from map(function, chain(first, waiting))
        return
    pool = ThreadPoolExecutor(cores(), initializer=_beside_others)
    begun: deque[Future[Result]] = deque()
    try:
        for item in chain(first, waiting):
            begun.append(pool.submit(function, item))
            if len(begun) >= AHEAD * cores():
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _beside_others() -> None:
    _OWN.beside_others = True


def one_thread() -> AbstractContextManager[Any]:
    """Keep linear algebra to one thread: it then adds up in one order, whatever the machine."""
    limits: AbstractContextManager[Any] = _controller().limit(limits=1)
    return limits


@cache
def _controller() -> Any:
    """Find the thread pools of the libraries that are loaded, once: looking costs milliseconds."""
    import sklearn.ensemble  # noqa: F401  (its pools must be loaded to be found)
    from threadpoolctl import (  # type: ignore[import-untyped, unused-ignore]
        ThreadpoolController,
    )

    return ThreadpoolController()
