"""Stage ``gaps``: describe the gaps of pages mixed from real stories that are not in the project.

The stories are those that the reader was never taught, so that it is as unsure of them as of new
ones. The stage is frozen: what it writes is in Git, and holds no text. Folds go by the story: two
that tell the same are seldom there, and may stand in two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from pipeline.cached.keys import cache_for
from pipeline.cached.reader import cached_reader
from pipeline.encoder import weights_of
from pipeline.errors import UsageError
from pipeline.params import load_params
from pipeline.realnews import carded, part_of
from pipeline.realpages.pages import mix_real_pages
from pipeline.realpages.sources import kept_from_teaching, real_articles, source
from pipeline.records import Article, Page
from pipeline.segment.fit import fit_roles, fit_space, lessons_of
from pipeline.segment.gap_pack import write_gaps
from pipeline.segment.lessons import gap_page
from pipeline.segment.tables import read_pages
from pipeline.serving.network import Export
from pipeline.serving.pages import open_reader
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records
from pipeline.store.metrics import write_metrics

FOLDS = 5
DECK = 50  # pages whose stories are weathered alike


def main() -> None:
    """Mix pages of real stories, read them, and write what the boundary model sees of them.

    :raises UsageError: no reader was exported.
    """
    params = load_params()
    own = params.gaps
    export = Export(layout.EXPORT)
    network = open_reader(export)
    if network is None:
        raise UsageError("gaps are described by the reader: set encoder.reader in params.yaml")
    reader = cached_reader(network, cache_for(export), export.digest)
    rng = np.random.default_rng(own.seed)
    articles = [
        msgspec.structs.replace(article, fold=part_of(f"fold {article.id}", FOLDS))
        for article in real_articles(Path(own.shared), rng)
        if kept_from_teaching(article.id)
    ]
    train = read_records(layout.TRAIN_PAGES, Page)
    taught = lessons_of(read_pages(train, reader, "gaps: the corpus"), train)
    roles, space = fit_roles(taught, params.segment), fit_space(taught)
    pages = mixed(articles, own.pages, rng)
    lessons = lessons_of(read_pages(pages, reader, "gaps: real pages"), pages)
    described = [gap_page(lesson, roles.probabilities(lesson.table), space) for lesson in lessons]
    found = [page for page in described if page is not None]
    write_gaps(layout.GAPS, found, weights_of(reader.fingerprint))
    card = {
        "stories": dict(sorted(Counter(map(source, articles)).items())),
        "pages": dict(sorted(Counter(page.layout for page in pages).items())),
        "gaps": sum(int(page.told.sum()) for page in found),
        "boundaries": sum(int(page.cut[page.told].sum()) for page in found),
        "params": carded(own),
    }
    write_metrics(layout.GAPS_CARD, card)


def mixed(articles: Sequence[Article], count: int, rng: np.random.Generator) -> list[Page]:
    """Mix ``count`` pages, none of stories of two folds, so many alike in how they came."""
    pages: list[Page] = []
    while len(pages) < count:
        pages += mix_real_pages(articles, min(DECK, count - len(pages)), rng)
    return pages


if __name__ == "__main__":
    run_stage("gaps", main)
