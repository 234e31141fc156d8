"""Stage ``record``: write the run to MLflow, once."""

from __future__ import annotations

import os
import sys

from pipeline.params import load_params
from pipeline.record.gather import gather
from pipeline.stage import run_stage
from pipeline.store.layout import RUN_RECORD
from pipeline.store.metrics import write_metrics
from pipeline.tracking import project_root, tracking_uri, write_run


def main() -> None:
    """Gather the run, write it, and leave a receipt.

    The receipt names the run by its content, not by MLflow's random id, so that recording the
    same results elsewhere leaves the same file.
    """
    recording = gather(load_params(), os.environ)
    root = project_root()
    run = write_run(recording, root, tracking_uri(root))
    write_metrics(
        RUN_RECORD,
        {
            "experiment": recording.experiment,
            "model": recording.model.name if recording.model else None,
            "digest": recording.digest,
        },
    )
    state = "recorded" if run.new else "was recorded before"
    sys.stderr.write(f"record: MLflow run {run.name} ({run.id}) {state}\n")


if __name__ == "__main__":
    run_stage("record", main)
