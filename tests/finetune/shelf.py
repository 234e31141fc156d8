"""A folder of real-looking sets, a few stories each."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec

TEXT = "Rain fell on the harbour for a third day and the ferries stayed where they were."


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def fill(folder: Path) -> None:
    """Write every set that may teach and every one that is measured on."""
    story = {"title": "Rain", "text": TEXT}
    write(folder / "data/pages_dev.jsonl", [{"stories": [{"id": "guardian-0"}]}])
    write(folder / "data/gold_dev.jsonl", [{"id": "ag-0"}])
    for name in ("reuters_wire", "newspage_reuters"):
        write(folder / f"seg/{name}.jsonl.gz", [{"meta": {"stories": [{"id": "0"}]}}])
    labelled = [
        {"id": f"own-{i}", **story, "topics": ["weather", "society"], "countries": ["FR"]}
        for i in range(30)
    ]
    of_none = {"id": "own-x", **story, "topics": ["none"], "countries": ["XX"]}
    write(folder / "data/real_labelled.jsonl", [*labelled, of_none])
    write(
        folder / "data/guardian.jsonl.gz",
        [{"id": f"guardian-{i}", **story, "section": "world", "tags": ["Rain"]} for i in range(50)]
        + [{"id": "own-1", **story, "section": "world", "tags": []}],
    )
    write(folder / "data/huffpost.jsonl.gz", [{"id": "huff-0", **story, "label": "COMEDY"}])
    write(
        folder / "data/agnews.jsonl.gz",
        [
            {"id": f"ag-{i}", **story, "label": "World", "split": "test" if i == 1 else "train"}
            for i in range(3)
        ],
    )
    write(
        folder / "data/inshorts.jsonl.gz",
        [{"id": "inshorts-0", **story, "label": "world", "labels": ["world", "politics"]}],
    )
    write(
        folder / "data/reuters21578.jsonl.gz",
        [
            {"id": f"reuters-{i}", **story, "split": split, "topics": ["rain"], "places": ["uk"]}
            for i, split in enumerate(("train", "train", "test", "unused"))
        ],
    )
