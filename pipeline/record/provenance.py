"""What a run came from: the commit, the DVC experiment, the lock file. Absent facts stay absent."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from pipeline.store.digest import file_sha256

LOCK = Path("dvc.lock")


def git_facts(folder: Path = Path()) -> dict[str, str]:
    """Return the commit and whether tracked files differ from it; empty outside a repository.

    ``dvc.lock`` and the reports are left out of account: the pipeline itself has just written
    them.
    """
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if not commit:
        return {}
    changed = _git(
        folder, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!dvc.lock",
        ":!reports",
    )  # fmt: skip
    return {"git.commit": commit, "git.dirty": "true" if changed else "false"}


def dvc_facts(environ: Mapping[str, str], lock: Path = LOCK) -> dict[str, str]:
    """Return the experiment DVC runs, if any, and the SHA-256 of ``dvc.lock`` as it stands.

    While ``record`` runs, the lock holds every stage before it.
    """
    named = {
        "dvc.experiment": environ.get("DVC_EXP_NAME"),
        "dvc.baseline": environ.get("DVC_EXP_BASELINE_REV"),
        "dvc.stage": environ.get("DVC_STAGE"),
        "dvc.lock": file_sha256(lock) if lock.exists() else None,
    }
    return {name: value for name, value in named.items() if value}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
