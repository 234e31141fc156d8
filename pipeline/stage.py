"""Running a stage: what a user can mend ends in one line and an exit code, not in a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable

from pipeline.errors import BroadsheetError


def run_stage(name: str, main: Callable[[], None]) -> None:
    """Call ``main``; on a :class:`BroadsheetError` print its message and exit with its code."""
    try:
        main()
    except BroadsheetError as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(error.exit_code)
