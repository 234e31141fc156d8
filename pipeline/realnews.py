"""The real labelled sets beside the project: their rows, and which of these may teach.

Nothing that a figure is measured on may: the development sets' own stories, every story of the
segmentation sets, the test splits.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.errors import MissingArtifactError

MEASURED = ("data/pages_dev.jsonl", "data/gold_dev.jsonl")
PLACES = ("shared", "wiki")  # parameters that name folders and files of texts
SEGMENTED = ("seg/reuters_wire.jsonl.gz", "seg/newspage_reuters.jsonl.gz")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read a set, a row a line.

    :raises MissingArtifactError: it is not there.
    """
    if not path.is_file():
        raise MissingArtifactError(f"{path} is not here: name the real sets' folder with --shared")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line)


def measured_ids(shared: Path) -> frozenset[str]:
    """Return the ids of every story that something is measured on.

    :param shared: the folder that holds ``data/`` and ``seg/``.
    """
    ids = {story["id"] for row in rows(shared / MEASURED[0]) for story in row["stories"]} | {
        row["id"] for row in rows(shared / MEASURED[1])
    }
    for name in SEGMENTED:
        for row in rows(shared / name):
            ids |= {f"reuters-{story['id']}" for story in row["meta"]["stories"]}
    return frozenset(ids)


def held_out(story: str, one_in: int) -> bool:
    """Say whether the story with this id is kept from training; the id decides."""
    return part_of(story, one_in) == 0


def part_of(text: str, parts: int) -> int:
    """Number the part, 0 to ``parts - 1``, that a text falls into, whoever asks."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % parts


def carded(params: Struct) -> dict[str, Any]:
    """Say with which parameters a stage has learned, without where its texts lie."""
    return {k: v for k, v in msgspec.to_builtins(params).items() if k not in PLACES}
