"""Stage ``embed``: encode what the heads learn from and are measured on."""

from __future__ import annotations

from pipeline.embed.texts import head_texts
from pipeline.encoder import MemoEncoder
from pipeline.labels import Label
from pipeline.records import Article, Page
from pipeline.serving.network import Export
from pipeline.serving.stories import open_encoder
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records
from pipeline.store.vectors import write_vectors


def main() -> None:
    """Read articles and pages; write vectors by the hash of their text."""
    articles = read_records(layout.ARTICLES, Article)
    pages = [
        *read_records(layout.TEST_PAGES, Page),
        *read_records(layout.CUT_PAGES, Page),
    ]
    encoder = MemoEncoder(open_encoder(Export(layout.EXPORT)))
    labels = read_records(layout.TAXONOMY, Label)
    encoder.encode(list(head_texts(articles, pages, labels)))
    write_vectors(layout.STORY_VECTORS, encoder.table, encoder.fingerprint)


if __name__ == "__main__":
    run_stage("embed", main)
