"""The stage ``ingest``: labelled sources to ``data/articles.jsonl`` and ``data/rejects.jsonl``.

The topics that articles may have go to ``data/taxonomy.jsonl``, for the stages that need them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.ingest.corpus import build_corpus, check_size
from pipeline.ingest.summary import summary
from pipeline.labels import read_taxonomy
from pipeline.params import load_params
from pipeline.stage import run_stage
from pipeline.store.jsonl import write_records
from pipeline.store.layout import ARTICLES, PARAMS, REJECTS, TAXONOMY


def main() -> None:
    """Run the stage."""
    params = load_params(PARAMS).ingest
    taxonomy = read_taxonomy(Path(params.taxonomy))
    corpus = build_corpus(params, taxonomy)
    write_records(REJECTS, corpus.rejects + corpus.duplicates)
    check_size(corpus, params.folds)
    write_records(ARTICLES, corpus.articles)
    write_records(TAXONOMY, taxonomy.labels)
    sys.stderr.write("".join(f"ingest: {line}\n" for line in summary(corpus)))


if __name__ == "__main__":
    run_stage("ingest", main)
