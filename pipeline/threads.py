"""How many threads: as many as there are cores, or one where a team would change the last bits."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

CPUS = Path("/sys/devices/system/cpu")
VARIABLE = "OMP_NUM_THREADS"


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
