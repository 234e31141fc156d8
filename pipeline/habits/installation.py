"""Checks of what the project stands on: Python, packages, Git, the disk and the run database."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.errors import MissingArtifactError
from pipeline.habits.database import require_readable, shown, sqlite_file
from pipeline.habits.setup import Setup, Skipped, Trouble

LOCK = Path("requirements.lock")
OLDEST = (3, 11)
ROOM = 2_000_000_000  # bytes: a training with its cache and recorded models, and some to spare
PATIENCE = 3.0  # seconds that a server is waited for


def python(setup: Setup) -> str:
    """Find a Python that is new enough."""
    found = platform.python_version()
    if sys.version_info < OLDEST:
        raise Trouble(
            f"Python {found}", "install Python 3.11 or newer, remove .venv and run `make repro`"
        )
    return found


def packages(setup: Setup) -> str:
    """Hold the installed packages against the lock file."""
    lock = setup.project() / LOCK
    if not lock.is_file():
        raise Skipped(f"no {LOCK} here")
    total, wrong = 0, []
    for name, locked in pins(lock):
        total += 1
        found = installed(name)
        if found != locked:
            wrong.append(f"{name} {found or 'missing'}, not {locked}")
    if wrong:
        more = f"; {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise Trouble("; ".join(wrong[:3]) + more, f"run `pip install -r {LOCK}`")
    return f"{total} as in {LOCK}"


def pins(lock: Path) -> Iterator[tuple[str, str]]:
    """Read name and version of the packages that the lock file asks for on this machine."""
    from packaging.requirements import Requirement

    for line in lock.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-")):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement.name, str(requirement.specifier).removeprefix("==")


def git(setup: Setup) -> str:
    """Find git; without it a run carries no commit."""
    root = setup.project()
    if shutil.which("git") is None:
        raise Trouble("not found: DVC needs it, and runs carry no commit", "install git")
    done = subprocess.run(
        ["git", "-C", str(root), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(
            "the project is no Git repository: DVC cannot run in it",
            "clone it, or run `git init` and commit",
        )
    return f"at {done.stdout.strip()}"


def disk(setup: Setup) -> str:
    """See that outputs can be written, and fit."""
    folder = setup.root or Path()
    if not os.access(folder, os.W_OK):
        raise Trouble(f"{folder.resolve()} cannot be written to", "change its owner or its mode")
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise Trouble(
            f"{free / 1e9:.1f} GB free where outputs go",
            "free some: `dvc gc --workspace` drops what no stage uses any more",
        )
    return f"{free / 1e9:.0f} GB free"


def database(setup: Setup) -> str:
    """Reach the run database, and see that the installed MLflow can read it."""
    try:
        schema = require_readable(setup.uri)
    except MissingArtifactError as error:
        raise Skipped("no runs yet: `make repro` records them") from error
    path = sqlite_file(setup.uri)
    if path is not None:
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise Trouble(f"{path} cannot be written to", "change its owner or its mode")
        shortest = path.name if setup.root and path.parent == setup.root.resolve() else path
        return f"{shortest}, schema {schema}"
    if setup.uri.startswith(("http://", "https://")):
        return _server(setup.uri)
    raise Skipped(f"{shown(setup.uri)} is not looked at: `broadsheet runs` tells")


def _server(uri: str) -> str:
    try:
        with urllib.request.urlopen(f"{uri.rstrip('/')}/health", timeout=PATIENCE):
            return f"{shown(uri)} answers"
    except urllib.error.HTTPError as error:
        raise Trouble(
            f"{shown(uri)} answers with {error.code}", "check MLFLOW_TRACKING_URI and the server"
        ) from error
    except (OSError, ValueError) as error:
        raise Trouble(
            f"{shown(uri)} does not answer", "start the server, or unset MLFLOW_TRACKING_URI"
        ) from error


def installed(name: str) -> str | None:
    """Return the version of a package, without its build: ``2.13.0+cpu`` is 2.13.0."""
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return None
