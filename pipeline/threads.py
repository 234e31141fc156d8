"""Keeping numerical libraries to one thread, where a team costs more or changes the last bits."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Literal


def one_thread(pools: Literal["openmp"] | None = None) -> AbstractContextManager[Any]:
    """Keep thread pools to one thread.

    Linear algebra then adds up in one order, whatever the machine. Trees answer the same on any
    number of threads, but for the few rows of a page a team for every tree costs more.

    :param pools: ``openmp``, which trees use; by default those of linear algebra too.
    """
    limits: AbstractContextManager[Any] = _controller().limit(limits=1, user_api=pools)
    return limits


@cache
def _controller() -> Any:
    """Find the thread pools of the libraries that are loaded, once: looking costs milliseconds."""
    import sklearn.ensemble  # noqa: F401  (its pools must be loaded to be found)
    from threadpoolctl import (  # type: ignore[import-untyped, unused-ignore]
        ThreadpoolController,
    )

    return ThreadpoolController()
