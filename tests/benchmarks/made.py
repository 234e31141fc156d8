"""Made-up sets in the form of the real ones."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from benchmarks.sets import FOLDER
from pipeline.evaluate.benchmark import PAGES

SHIP = "The ship sailed over the stormy sea. Sailors feared the waves of the sea."
VOTE = "Voters went to the poll in the north! The poll counted every vote."
TWO_STORIES = "\n".join([SHIP] * 6 + [VOTE] * 6)


def listed(name: str = "d", **meta: Any) -> dict[str, Any]:
    """A document of two segments, one of whose sentences holds a line break."""
    sentences = [SHIP, "The ship\n sank.", SHIP, VOTE, VOTE, VOTE]
    return {"id": name, "sentences": sentences, "boundaries": [3], "meta": meta}


def newspage() -> dict[str, Any]:
    """A page that opens with residue, and has more inside a story and between two."""
    index = [-1, 0, -1, 0, -1, 1, 2]
    sentences = ["Home", SHIP, "Advertisement", SHIP, "More", VOTE, SHIP]
    return {
        "id": "n",
        "sentences": sentences,
        "boundaries": [1, 5, 6],
        "meta": {"story_index": index, "style": "kicker"},
    }


def write_set(shared: Path, name: str, rows: list[dict[str, Any]]) -> None:
    """Write a set of listed documents into a shared folder."""
    (shared / FOLDER).mkdir(parents=True, exist_ok=True)
    with gzip.open(shared / FOLDER / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def write_pages(shared: Path) -> None:
    """Write a ``pages_dev`` of two layouts."""
    (shared / PAGES).parent.mkdir(parents=True, exist_ok=True)
    cut = TWO_STORIES.index(VOTE)
    spans = [{"start": 0, "end": cut - 1}, {"start": cut, "end": len(TWO_STORIES)}]
    stories = [{"id": "s", "role": "article", **span} for span in spans]
    whole = [{"id": "s", "role": "article", "start": 0, "end": len(SHIP)}]
    pages = [
        {"id": "a", "layout": "two", "text": TWO_STORIES, "stories": stories, "residue": []},
        {"id": "b", "layout": "single", "text": SHIP, "stories": whole, "residue": []},
    ]
    (shared / PAGES).write_text("".join(json.dumps(page) + "\n" for page in pages), "utf-8")
