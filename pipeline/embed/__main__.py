"""Stage ``embed``: encode what the heads learn from and are measured on."""

from __future__ import annotations

import sys

from tqdm import tqdm

from pipeline.cached.encoder import CachedEncoder, cached_encoder
from pipeline.cached.keys import cache_for
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

AT_ONCE = 256  # texts between two steps of the bar


def main() -> None:
    """Read articles and pages; write vectors by the hash of their text."""
    articles = read_records(layout.ARTICLES, Article)
    pages = [
        *read_records(layout.TEST_PAGES, Page),
        *read_records(layout.CUT_PAGES, Page),
    ]
    labels = read_records(layout.TAXONOMY, Label)
    texts = list(dict.fromkeys(head_texts(articles, pages, labels)))
    export = Export(layout.EXPORT)
    inner = cached_encoder(open_encoder(export), cache_for(export), export.digest)
    encoder = MemoEncoder(inner)
    bar = range(0, len(texts), AT_ONCE)
    for start in tqdm(bar, desc="embed: encoding texts", file=sys.stderr, disable=None):
        encoder.encode(texts[start : start + AT_ONCE])
    known = inner.asked - inner.new if isinstance(inner, CachedEncoder) else 0
    sys.stderr.write(f"embed: {len(texts)} texts, {known} of them from the cache\n")
    write_vectors(layout.STORY_VECTORS, encoder.table, encoder.fingerprint)


if __name__ == "__main__":
    run_stage("embed", main)
