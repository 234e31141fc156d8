"""Stage ``sections``: teach where the subject turns in running prose, on texts not in the project.

The stage is frozen: its model is in Git, and the pipeline uses it as it is.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from tqdm import tqdm

from pipeline.encoder import Encoder, MemoEncoder
from pipeline.params import load_params
from pipeline.realnews import measured_ids, part_of, rows
from pipeline.sections.fit import Lesson, fit_sections, lesson
from pipeline.sections.mixes import Source, mixed_prose
from pipeline.sections.prose import Layout, Prose, lay_out
from pipeline.sections.wiki import wiki_prose
from pipeline.sentences import sentence_spans
from pipeline.serving.network import Export
from pipeline.serving.stories import open_encoder
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.metrics import write_metrics

GUARDIAN = "data/guardian.jsonl.gz"
SECTIONED = ("seg/wiki50.jsonl.gz", "seg/wiki300.jsonl.gz")
TELLING = 50  # characters of a sentence from which two texts that have it are one
FOLDS = 5
LAYOUTS: tuple[Layout, ...] = ("lines", "run", "paragraphs", "headed")
WIKI_WEIGHT = 0.75  # of an encyclopedia article in each layout; a mixed text has 1
SENTENCES = 60  # of an article at most
LEAST = 8  # sentences of an article that is mixed


def main() -> None:
    """Read both sources, fit; write the model and how it came about."""
    params = load_params().sections
    encoder = MemoEncoder(open_encoder(Export(layout.EXPORT)))
    measured = measured_sentences(Path(params.shared))
    wiki = [p for p in wiki_prose(Path(params.wiki), FOLDS) if measured.isdisjoint(p.sentences)]
    sources = list(news_sources(Path(params.shared), params.articles, encoder))
    texts = [(prose, own, WIKI_WEIGHT) for prose in wiki for own in LAYOUTS]
    mixes = mixed_prose(sources, params.mixes, params.seed)
    texts += [(mix, LAYOUTS[i % 3], 1.0) for i, mix in enumerate(mixes)]
    bar = tqdm(texts, desc="sections: reading texts", file=sys.stderr, disable=None)
    lessons = [_lesson(*text, encoder) for text in bar]
    model, figures = fit_sections(lessons, params, encoder.fingerprint)
    model.save(layout.SECTIONS_MODEL)
    card = {
        "texts": dict(sorted(Counter(each.kind for each in lessons).items())),
        "sections": {"wiki": sum(len(prose.sections) for prose in wiki)},
        "out_of_fold": figures,
        "params": {
            k: v for k, v in msgspec.to_builtins(params).items() if k not in ("shared", "wiki")
        },
    }
    write_metrics(layout.SECTIONS_CARD, card)


def _lesson(prose: Prose, own: Layout, weight: float, encoder: Encoder) -> Lesson:
    kind = "mixed" if prose.id.startswith("mix-") else own
    return lesson(lay_out(prose, own), kind, prose.fold, weight, encoder)


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
        spans = sentence_spans(row["text"])[:SENTENCES]
        if len(spans) < LEAST:
            continue
        sentences = tuple(row["text"][a:b] for a, b in spans)
        mean = encoder.encode(sentences).mean(axis=0)
        fold = part_of(row["id"], FOLDS)
        yield Source(row["id"], fold, sentences, mean / np.linalg.norm(mean))
        taken += 1
        if taken == count:
            return


if __name__ == "__main__":
    run_stage("sections", main)
