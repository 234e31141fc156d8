"""What the models said of every held-out example, so that two runs can be compared one by one.

Labels, positions and scores, no text: a run may be recorded where the corpus must not go.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pipeline.store.jsonl import read_records, write_records

Task = Literal["topic", "countries", "boundaries"]


class Judged(Struct, frozen=True):
    """One held-out example as one task has it.

    ``gold`` and ``said`` hold the main topic's key, the countries' codes, or the positions at
    which the stories of a page start, its first left out. ``id`` is an article's, or a page's
    where the task is ``boundaries``. ``said_scores`` are the probabilities of what was said, and
    ``gold_scores`` of the gold labels, in their order; a gold position has none.
    """

    task: Task
    id: str
    gold: tuple[str | int, ...]
    said: tuple[str | int, ...]
    right: bool
    said_scores: tuple[float, ...] = ()
    gold_scores: tuple[float, ...] = ()


def write_predictions(path: Path, predictions: Iterable[Judged]) -> None:
    """Write one example a line, in the order given."""
    write_records(path, predictions)


def read_predictions(path: Path) -> list[Judged]:
    """Read what :func:`write_predictions` wrote.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: a line is none of its.
    """
    return read_records(path, Judged)
