"""Waiting for what happens in other processes."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Wait for something to become true, at most so long; tell whether it has."""
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return found
