"""Nothing that a figure is measured on may teach sections."""

from __future__ import annotations

from pathlib import Path

from pipeline.sections.sets import measured_sentences, news_sources
from tests.encoders import HashedEncoder
from tests.finetune.shelf import fill, write

LONG = "The harbour of the town was built by fishermen in the last century of the old kingdom."
STORY = " ".join(f"Sentence number {i} is about the harbour." for i in range(80))


def test_measured_and_short_articles_are_no_sources(tmp_path: Path) -> None:
    fill(tmp_path)
    rows = [{"id": f"guardian-{i}", "text": STORY} for i in range(6)]
    write(
        tmp_path / "data/guardian.jsonl.gz", [*rows, {"id": "guardian-short", "text": "It rained."}]
    )
    found = list(news_sources(tmp_path, 100, HashedEncoder()))
    assert {source.id for source in found} == {f"guardian-{i}" for i in range(1, 6)}
    assert {len(source.sentences) for source in found} == {60}
    assert len(list(news_sources(tmp_path, 2, HashedEncoder()))) == 2


def test_sentences_of_measured_articles_are_known_but_short_ones(tmp_path: Path) -> None:
    for name in ("wiki50", "wiki300"):
        sentences = [LONG.replace("town", name), "History"]
        write(tmp_path / f"seg/{name}.jsonl.gz", [{"sentences": sentences}])
    assert measured_sentences(tmp_path) == {LONG.replace("town", n) for n in ("wiki50", "wiki300")}
