"""What each stage cost when it last ran, one small file a stage.

The files are outputs of the stages, so that a stage that DVC takes from its cache brings the cost
of the run that made it. They differ from run to run and no model depends on them.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import CorruptArtifactError
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import COSTS, require

# The stages that are measured, in the order of the pipeline: all that run on `dvc repro` but those
# that look back on the others.
MEASURED = (
    *("ingest", "mix", "export", "segment", "embed", "train-topic", "train-region"),
    *("bundle", "learning_curve-topic", "learning_curve-region", "evaluate"),
)
MEBIBYTE = 2**20
STAT = Path("/proc/self/stat")  # Linux alone
STATUS = Path("/proc/self/status")
_IMPORTED = time.monotonic()


class Cost(Struct, frozen=True, forbid_unknown_fields=True):
    """What a stage's process took.

    ``seconds`` are wall-clock, from the start of the process; ``cpu_seconds`` are of all its
    threads and of processes that it started and that have ended; ``peak_memory_mb`` is its
    largest resident set, in MiB.
    """

    seconds: float
    cpu_seconds: float
    peak_memory_mb: float


def cost_so_far() -> Cost:
    """Measure this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = used.ru_utime + used.ru_stime + others.ru_utime + others.ru_stime
    return Cost(
        seconds=round(_age(), 2),
        cpu_seconds=round(busy, 2),
        peak_memory_mb=round(_peak_bytes(used.ru_maxrss) / MEBIBYTE, 1),
    )


def write_cost(stage: str, cost: Cost) -> None:
    """Write what ``stage`` cost."""
    write_bytes(COSTS / f"{stage}.json", msgspec.json.encode(cost) + b"\n")


def read_costs() -> dict[str, Cost]:
    """Read what each measured stage cost, in the order of the pipeline.

    :raises MissingArtifactError: a stage has not run.
    :raises CorruptArtifactError: a file is not what :func:`write_cost` writes.
    """
    return {stage: _read(require(COSTS / f"{stage}.json", "dvc repro")) for stage in MEASURED}


def _read(path: Path) -> Cost:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Cost)
    except msgspec.MsgspecError as error:
        raise CorruptArtifactError(f"{path}: {error}; run `dvc repro --force`") from error


def _age() -> float:
    """Return the seconds since this process started; off Linux, since this module was imported."""
    if not STAT.exists():
        return time.monotonic() - _IMPORTED
    started = int(STAT.read_text(encoding="utf-8").rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")


def _peak_bytes(peak: int) -> int:
    # On Linux the figure of getrusage() starts from what the parent process held.
    if STATUS.exists():
        for line in STATUS.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return peak if sys.platform == "darwin" else peak * 1024
