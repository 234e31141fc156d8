"""What of the real sets may teach sections, and what may not because it is measured on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.encoder import Encoder
from pipeline.realnews import measured_ids, part_of, rows
from pipeline.sections.mixes import Source
from pipeline.sentences import sentence_spans

GUARDIAN = "data/guardian.jsonl.gz"
SECTIONED = ("seg/wiki50.jsonl.gz", "seg/wiki300.jsonl.gz")
TELLING = 50  # characters of a sentence from which two texts that have it are one
FOLDS = 5
SENTENCES = 60  # of an article at most
LEAST = 8  # sentences of an article that is mixed


def measured_sentences(shared: Path) -> frozenset[str]:
    """Return the sentences, but short ones, of the encyclopedia articles that are measured on."""
    sets = (row["sentences"] for name in SECTIONED for row in rows(shared / name))
    return frozenset(s for sentences in sets for s in sentences if len(s) > TELLING)


def news_sources(shared: Path, count: int, encoder: Encoder) -> Iterator[Source]:
    """Take ``count`` newspaper articles that nothing is measured on, chosen by their ids."""
    measured = measured_ids(shared)
    told = [row for row in rows(shared / GUARDIAN) if row["id"] not in measured]
    told.sort(key=lambda row: part_of(row["id"], 1 << 32))
    taken = 0
    for row in told:
        text = " ".join(row["text"].split())
        sentences = tuple(text[a:b] for a, b in sentence_spans(text)[:SENTENCES])
        if len(sentences) < LEAST:
            continue
        mean = encoder.encode(sentences).mean(axis=0)
        fold = part_of(row["id"], FOLDS)
        yield Source(row["id"], fold, sentences, mean / np.linalg.norm(mean))
        taken += 1
        if taken == count:
            return
