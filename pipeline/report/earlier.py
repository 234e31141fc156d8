"""The figures that were committed last: what those of this run are set against.

Of the versions of ``reports/metrics.json`` in the Git history, the newest one whose headline
figures read otherwise than this run's. So the report says the same before and after this run's own
figures are committed. Without Git, or without such a version, there is nothing to compare with.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.report.headline import figures, reads
from pipeline.store.layout import METRICS


class Earlier(NamedTuple):
    """Metrics as they were committed: the commit's first seven digits, and its ISO date."""

    commit: str
    date: str
    metrics: Mapping[str, Any]


def earlier_metrics(metrics: Mapping[str, Any], folder: Path = Path()) -> Earlier | None:
    """Find the newest committed metrics whose headline figures are not those of ``metrics``."""
    now = reads(figures(metrics))
    log = _git(folder, "log", "--format=%H %cs", "--", METRICS.as_posix()) or ""
    for line in log.splitlines():
        commit, date = line.split()
        shown = _git(folder, "show", f"{commit}:./{METRICS.as_posix()}")
        committed = _parsed(shown or "")
        then = reads(figures(committed))
        if any(then[name] != now[name] for name in now.keys() & then.keys()):
            return Earlier(commit[:7], date, committed)
    return None


def _parsed(text: str) -> Mapping[str, Any]:
    """Read metrics; what is none has no figure."""
    try:
        loaded = json.loads(text)
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode("utf-8", "replace")
