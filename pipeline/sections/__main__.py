"""Stage ``sections``: teach where the subject turns in running prose, on texts not in the project.

The stage is frozen: its model is in Git, and the pipeline uses it as it is.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tqdm import tqdm

from pipeline.encoder import Encoder, MemoEncoder
from pipeline.params import load_params
from pipeline.realnews import carded
from pipeline.sections.fit import Lesson, fit_sections, lesson
from pipeline.sections.mixes import mixed_prose
from pipeline.sections.prose import Layout, Prose, alone, lay_out
from pipeline.sections.sets import FOLDS, measured_sentences, news_sources
from pipeline.sections.wiki import wiki_prose
from pipeline.serving.network import Export
from pipeline.serving.stories import open_encoder
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.metrics import write_metrics

LAYOUTS: tuple[Layout, ...] = ("lines", "run", "paragraphs", "headed")
BARE = LAYOUTS[:3]  # mixed texts have no headings
WIKI_WEIGHT = 0.75  # of an encyclopedia article in each layout; a mixed text has 1


def main() -> None:
    """Read both sources, fit; write the model and how it came about."""
    params = load_params().sections
    encoder = MemoEncoder(open_encoder(Export(layout.EXPORT)))
    measured = measured_sentences(Path(params.shared))
    wiki = [p for p in wiki_prose(Path(params.wiki), FOLDS) if measured.isdisjoint(p.sentences)]
    sources = list(news_sources(Path(params.shared), params.articles, encoder))
    texts = [(prose, own, WIKI_WEIGHT) for prose in wiki for own in LAYOUTS]
    texts += [(alone(prose), LAYOUTS[i % len(LAYOUTS)], 1.0) for i, prose in enumerate(wiki)]
    mixes = mixed_prose(sources, params.mixes, params.seed)
    texts += [(mix, BARE[i % len(BARE)], 1.0) for i, mix in enumerate(mixes)]
    bar = tqdm(texts, desc="sections: reading texts", file=sys.stderr, disable=None)
    lessons = [_lesson(*text, encoder) for text in bar]
    model, figures = fit_sections(lessons, params, encoder.fingerprint)
    model.save(layout.SECTIONS_MODEL)
    card = {
        "texts": dict(sorted(Counter(each.kind for each in lessons).items())),
        "sections": {"wiki": sum(len(prose.sections) for prose in wiki)},
        "out_of_fold": figures,
        "params": carded(params),
    }
    write_metrics(layout.SECTIONS_CARD, card)


def _lesson(prose: Prose, own: Layout, weight: float, encoder: Encoder) -> Lesson:
    kind = prose.kind or own
    return lesson(lay_out(prose, own), kind, prose.fold, weight, encoder)


if __name__ == "__main__":
    run_stage("sections", main)
