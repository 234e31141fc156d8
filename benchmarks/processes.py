"""Processes whose time and memory are measured: one that is called, one that works when told to.

The peak of memory that a system reports is at least that of the process that started the one
measured, so the benchmark itself loads nothing large before the last of them has started.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from time import perf_counter
from typing import Any, NamedTuple

from pipeline.errors import BroadsheetError
from pipeline.threads import VARIABLE

CLASSIFY = "from pipeline.cli import classify_main; classify_main()"  # for `python -c`
TOKENIZERS = "RAYON_NUM_THREADS"


class Call(NamedTuple):
    """What a process took: seconds on the clock, and megabytes of memory at its peak."""

    seconds: float
    megabytes: float
    output: bytes


class Lap(NamedTuple):
    """Seconds that a worker took for all pages.

    On the clock; of processor time, of all its threads and processes; and of this inside its
    encoders, where known. ``megabytes`` is the peak of memory of all its processes, where there are
    several.
    """

    seconds: float
    busy: float
    inside: float | None = None
    megabytes: float = 0.0


def call(arguments: Sequence[str]) -> Call:
    """Run Python with these arguments, and wait for it."""
    begun = perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    output = process.stdout.read()
    megabytes = _wait(process)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(arguments))
    return Call(perf_counter() - begun, megabytes, output)


class Worker:
    """A process that answers lines with lines of JSON, the first one unasked (see ``ways``).

    :param threads: that it may compute with.
    """

    def __init__(self, name: str, arguments: Sequence[str], threads: int) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, VARIABLE: str(threads), TOKENIZERS: str(threads)},
        )

    def answer(self) -> dict[str, Any]:
        """Read a line.

        :raises BroadsheetError: the process has ended.
        """
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise BroadsheetError(f"{self.name} has ended before its time: see the lines above")
        found: dict[str, Any] = json.loads(line)
        return found

    def lap(self) -> Lap:
        """Send the process once through all pages.

        :raises BroadsheetError: the process has ended.
        """
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        return Lap(**self.answer())

    def close(self) -> float:
        """Let the process end; return megabytes of memory at its peak."""
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        return _wait(self.process) if self.process.returncode is None else 0.0


def _wait(process: subprocess.Popen[Any]) -> float:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024
