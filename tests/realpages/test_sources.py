from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.errors import MissingArtifactError
from pipeline.realnews import measured_ids
from pipeline.realpages.sources import real_articles

STORY = "Rain fell on the harbour for a third day and the ferries stayed where they were."


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder of sets, a story or two each."""
    write(tmp_path / "data/pages_dev.jsonl", [{"stories": [{"id": "guardian-1"}]}])
    write(tmp_path / "data/gold_dev.jsonl", [{"id": "guardian-2"}])
    for name in ("reuters_wire", "newspage_reuters"):
        write(tmp_path / f"seg/{name}.jsonl.gz", [{"meta": {"stories": [{"id": "1"}]}}])
    guardian = {"title": "Rain", "section": "world", "tags": ["Rain"], "text": STORY}
    write(
        tmp_path / "data/guardian.jsonl.gz", [{"id": f"guardian-{i}", **guardian} for i in range(4)]
    )
    wire = {"title": "RAIN <RAIN.O>", "topics": [], "places": [], "text": STORY}
    splits = ("train", "train", "test", "unused")
    write(
        tmp_path / "data/reuters21578.jsonl.gz",
        [{"id": f"reuters-{i}", "split": split, **wire} for i, split in enumerate(splits)],
    )
    for name in ("agnews", "inshorts"):
        lead = {"id": f"{name}-0", "title": "Rain", "label": "World", "text": STORY}
        write(tmp_path / f"data/{name}.jsonl.gz", [{"split": "train", **lead}])
    return tmp_path


def test_nothing_measured_is_taught(shared: Path) -> None:
    assert measured_ids(shared) == {"guardian-1", "guardian-2", "reuters-1"}
    found = {article.id for article in real_articles(shared, np.random.default_rng(0))}
    assert found == {"guardian-0", "guardian-3", "reuters-0", "agnews-0", "inshorts-0"}


def test_some_longer_stories_have_a_sentence_as_their_caption(shared: Path) -> None:
    sentences = [f"The {word} ferry stayed where it was." for word in "abcdefghijkl"]
    row = {"title": "Rain", "section": "world", "tags": ["Rain"], "text": " ".join(sentences)}
    write(shared / "data/guardian.jsonl.gz", [{"id": f"guardian-{i}", **row} for i in range(9, 49)])
    found = [
        article
        for article in real_articles(shared, np.random.default_rng(0))
        if article.id.startswith("guardian")
    ]
    captioned = [article for article in found if article.caption]
    assert 8 < len(captioned) < 32
    for article in captioned:
        kept = " ".join(article.paragraphs)
        assert article.caption and article.caption not in kept
        assert kept.count("ferry") == len(sentences) - 1
    assert all(" ".join(a.paragraphs) == row["text"] for a in found if not a.caption)


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="pages_dev"):
        real_articles(tmp_path, np.random.default_rng(0))
