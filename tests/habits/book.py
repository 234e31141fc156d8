"""Runs made up for the tests: as they are recorded, and as they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from pipeline.habits.history import Recorded
from pipeline.store.predictions import Judged, write_predictions
from pipeline.tracking import Recording

BEFORE = [
    Judged("topic", "A-1", ("sport",), ("sport",), True),
    Judged("topic", "A-2", ("arts",), ("sport",), False),
    Judged("topic", "A-3", ("crime",), ("society",), False),
    Judged("countries", "A-1", ("FR",), ("FR", "DE"), False),
    Judged("boundaries", "p-1", (10, 30), (10, 30), True),
]
AFTER = [
    Judged("topic", "A-1", ("sport",), ("arts",), False),
    Judged("topic", "A-2", ("arts",), ("arts",), True),
    Judged("topic", "A-3", ("crime",), ("politics",), False),
    Judged("countries", "A-1", ("FR",), ("FR",), True),
    Judged("boundaries", "p-1", (10, 30), (11, 30), True),
]
METRICS = {
    "segmentation/f1": 0.9265,
    "topic/accuracy": 0.874,
    "topic/accuracy_low": 0.83,
    "topic/accuracy_high": 0.913,
    "topic/f1_macro": 0.8,
    "region/country/f1": 0.943,
    "region/subregion/f1": 0.962,
    "end_to_end/topic_accuracy": 0.737,
}


def recording(folder: Path, name: str, judged: list[Judged] | None, **changes: Any) -> Recording:
    """A run without a model; its answers are those in ``judged``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.md").write_text("# Results\n")
    files = [(folder / "summary.md", "")]
    if judged is not None:
        write_predictions(folder / "predictions.jsonl", judged)
        files.append((folder / "predictions.jsonl", ""))
    made = Recording(
        experiment="news",
        name=name,
        digest=name,
        params={"mix.seed": 7, "topic.regularisation": 1.0},
        metrics=METRICS,
        tags={"git.commit": "0babd48fe1", "git.dirty": "true"},
        note="",
        data=(),
        files=tuple(files),
    )
    return msgspec.structs.replace(made, **changes)


def recorded(number: int, **changes: Any) -> Recorded:
    """A run as it is read; ``number`` tells it from others, the higher the later."""
    run = Recorded(
        id=f"{number:02}ab" * 8,
        name=f"run {number}",
        started=datetime(2025, 4, number, 9, 30, tzinfo=UTC),
        status="finished",
        params={"mix.seed": "7"},
        metrics=METRICS,
        tags={"git.commit": "0babd48fe1", "git.dirty": "false"},
    )
    return msgspec.structs.replace(run, **changes)
