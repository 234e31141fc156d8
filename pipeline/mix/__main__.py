"""Stage ``mix``: lay the training articles out as training pages, the test ones as test pages."""

from __future__ import annotations

from pipeline.mix.layouts import mix_pages
from pipeline.params import load_params
from pipeline.records import Article
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records, write_records


def main() -> None:
    """Read articles; write pages."""
    params = load_params().mix
    articles = read_records(layout.ARTICLES, Article)
    for path, split, count, shift in (
        (layout.TRAIN_PAGES, "train", params.train_pages, 0),
        (layout.TEST_PAGES, "test", params.test_pages, 1),
    ):
        own = [article for article in articles if article.split == split]
        write_records(path, mix_pages(own, count, params.seed + shift, split))


if __name__ == "__main__":
    run_stage("mix", main)
