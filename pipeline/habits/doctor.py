"""Is everything here that a run or a ``classify`` needs? One check after the other, none in the
way of the next; nothing is changed, and neither torch nor mlflow is imported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from pipeline.errors import BroadsheetError
from pipeline.habits import installation, trained
from pipeline.habits.setup import Setup, Skipped, Trouble

Status = Literal["ok", "problem", "skipped"]
Check = Callable[[Setup], str]

CHECKS: dict[str, Check] = {
    "python": installation.python,
    "packages": installation.packages,
    "git": installation.git,
    "disk": installation.disk,
    "models": trained.models,
    "model versions": trained.versions,
    "encoder": trained.encoder,
    "taught encoder": trained.taught_encoder,
    "page reader": trained.page_reader,
    "feature packs": trained.packs,
    "pipeline outputs": trained.outputs,
    "run database": installation.database,
}
_REMEDY = re.compile(r"[:;,] (?=(?:or )?(?:run|use|reinstall|make|move|name|give) )")


class Finding(Struct, frozen=True):
    """What one check found; ``remedy`` says what to do about a problem."""

    check: str
    status: Status
    detail: str
    remedy: str | None = None


def examine(setup: Setup, checks: Mapping[str, Check] = CHECKS) -> Iterator[Finding]:
    """Make every check, whatever became of those before it."""
    for name, check in checks.items():
        yield _finding(name, check, setup)


def _finding(name: str, check: Check, setup: Setup) -> Finding:
    try:
        return Finding(name, "ok", check(setup))
    except Skipped as skipped:
        return Finding(name, "skipped", str(skipped))
    except Trouble as trouble:
        return Finding(name, "problem", str(trouble), trouble.remedy)
    except BroadsheetError as error:
        detail, *remedy = _REMEDY.split(str(error), maxsplit=1)
        return Finding(name, "problem", detail, remedy[0] if remedy else "mend it, and check again")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        detail = f"{where}{error.strerror or error}"
        return Finding(name, "problem", detail, "see that it is there and can be read")
    except Exception as error:
        detail = f"the check itself failed ({type(error).__name__}: {error})"
        return Finding(name, "problem", detail, "report it, with this line")
