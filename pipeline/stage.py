"""Running a stage: what a user can mend ends in one line and an exit code, not in a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from pipeline.errors import BroadsheetError
from pipeline.store.costs import MEASURED, cost_so_far, write_cost

WAITING = "OMP_WAIT_POLICY"


def run_stage(name: str, main: Callable[[], None], part: str = "") -> None:
    """Call ``main``, and note what it cost where the stage is a measured one.

    On a :class:`BroadsheetError`, print its message and exit with its code; with 1 where a file
    cannot be read or written. Threads that wait for their team leave the core to others, unless
    ``OMP_WAIT_POLICY`` says otherwise: fitting trees in two experiments at once would take twice
    as long as one after the other.

    :param part: which of a matrix of stages of this name it is.
    """
    os.environ.setdefault(WAITING, "PASSIVE")  # read where scikit-learn is first imported
    try:
        main()
        stage = f"{name}-{part}" if part else name
        if stage in MEASURED:
            write_cost(stage, cost_so_far())
    except BroadsheetError as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(error.exit_code)
    except OSError as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(1)
