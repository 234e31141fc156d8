"""The starter corpus itself: what the data card says of it holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.ingest.corpus import Corpus, build_corpus, check_size
from pipeline.ingest.duplicates import jaccard, shingles
from pipeline.ingest.rows import FORMS, check_row
from pipeline.ingest.sources import RawRow, read_source
from pipeline.params import load_params
from pipeline.records import Article
from pipeline.taxonomy import TOPICS, is_country

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "data" / "starter.jsonl"
FIELDS = {
    "id", "topics", "countries", "form", "headline", "kicker", "byline", "dateline", "caption",
    "paragraphs",
}  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> list[RawRow]:
    read = list(read_source(SOURCE))
    assert all(isinstance(row, RawRow) for row in read)
    return [row for row in read if isinstance(row, RawRow)]


@pytest.fixture(scope="module")
def articles(rows: list[RawRow]) -> list[Article]:
    checked = [check_row(row) for row in rows]
    assert all(isinstance(article, Article) for article in checked)
    return [article for article in checked if isinstance(article, Article)]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    params = load_params(ROOT / "params.yaml").ingest
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return build_corpus(params)


def test_size_and_fields(rows: list[RawRow]) -> None:
    assert len(rows) == 1530
    assert all(row.values.keys() == FIELDS for row in rows)
    assert sum(len(" ".join(row.values["paragraphs"]).split()) for row in rows) == 253_605


def test_ids_are_unique_and_170_a_part(articles: list[Article]) -> None:
    assert len({article.id for article in articles}) == 1530
    parts = Counter(article.id.split("-")[0] for article in articles)
    assert parts == dict.fromkeys(["EA", "SO", "NA", "WE", "SC", "MN", "EE", "LA", "SS"], 170)


def test_ninety_to_a_topic(articles: list[Article]) -> None:
    mains = Counter(article.topics[0] for article in articles)
    assert mains == {topic.key: 90 for topic in TOPICS}


def test_labels_are_known_and_few(articles: list[Article]) -> None:
    for article in articles:
        assert 1 <= len(set(article.topics)) == len(article.topics) <= 3
        assert 1 <= len(set(article.countries)) == len(article.countries) <= 4
        assert article.form in FORMS
        assert all(is_country(code) for code in article.countries), article.id


def test_nothing_of_it_is_changed_by_reading(rows: list[RawRow], articles: list[Article]) -> None:
    for row, article in zip(rows, articles, strict=True):
        for name in ("id", "form", "headline", "kicker", "byline", "dateline", "caption"):
            assert getattr(article, name) == row.values[name]
        for name in ("topics", "countries", "paragraphs"):
            assert list(getattr(article, name)) == row.values[name]


def test_forms_and_furniture_are_as_the_card_says(articles: list[Article]) -> None:
    forms = Counter(article.form for article in articles)
    assert forms == {"full": 532, "medium": 539, "brief": 306, "broadcast": 153}
    names = ("headline", "dateline", "kicker", "byline", "caption")
    present = {name: sum(bool(getattr(a, name)) for a in articles) for name in names}
    assert present == {
        "headline": 1337, "dateline": 559, "kicker": 464, "byline": 324, "caption": 192,
    }  # fmt: skip
    assert len({code for article in articles for code in article.countries}) == 216
    counts = Counter(len(article.countries) for article in articles)
    assert (counts[1], counts[2], counts[3] + counts[4]) == (1000, 473, 57)


def test_no_two_stories_share_more_than_six_in_a_hundred_five_grams(
    articles: list[Article],
) -> None:
    sets = [shingles(article) for article in articles]
    holders: dict[str, list[int]] = {}
    common: Counter[tuple[int, int]] = Counter()
    for position, one in enumerate(sets):
        for shingle in one:
            earlier = holders.setdefault(shingle, [])
            common.update((other, position) for other in earlier)
            earlier.append(position)
    assert max(jaccard(sets[a], sets[b]) for a, b in common) < 0.06


def test_no_story_is_a_duplicate_of_another(corpus: Corpus) -> None:
    assert (corpus.rejects, corpus.duplicates, corpus.unused) == ((), (), {})
    assert all(article.group == article.id for article in corpus.articles)


def test_it_splits_evenly(corpus: Corpus) -> None:
    params = load_params(ROOT / "params.yaml").ingest
    check_size(corpus, params.folds)
    test = Counter(a.topics[0] for a in corpus.articles if a.split == "test")
    assert len(test) == 17 and set(test.values()) <= {13, 14}
    folds = Counter(a.fold for a in corpus.articles if a.split == "train")
    assert set(folds) == set(range(params.folds))
    assert max(folds.values()) - min(folds.values()) <= 17
