"""What a check looks at, and how it says that something is amiss."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pipeline.errors import BroadsheetError


class Setup(NamedTuple):
    """What is checked.

    ``root`` is the project's folder, none outside of one; ``models`` the folder of the trained
    models, as an option or the environment names it; ``uri`` where the runs are.
    """

    root: Path | None
    models: Path | None
    uri: str

    def project(self) -> Path:
        """Return the project's folder.

        :raises Skipped: there is none.
        """
        if self.root is None:
            raise Skipped("no project here")
        return self.root


class Trouble(BroadsheetError):
    """A problem, and what to do about it."""

    def __init__(self, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.remedy = remedy


class Skipped(Exception):
    """There is nothing to check; the message says why."""
