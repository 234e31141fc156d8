from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BroadsheetError
from pipeline.ingest.corpus import Corpus, build_corpus, check_size, corpus_of
from pipeline.ingest.duplicates import SOFT, jaccard, shingles
from pipeline.ingest.sources import RawRow, Reject
from pipeline.ingest.summary import summary
from pipeline.params import IngestParams

PARAMS = IngestParams(
    sources=("a.jsonl",),
    taxonomy="data/iptc.csv",
    test_fraction=0.2,
    folds=3,
    near_duplicate=0.7,
    seed=1,
)
VOCABULARY = [f"word{n}" for n in range(500)]


def story(seed: int, length: int = 60) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=length)


def row(line: int, **values: Any) -> RawRow:
    return RawRow("a.jsonl", line, {"topics": "sport", **values})


@st.composite
def row_lists(draw: st.DrawFn) -> list[RawRow | Reject]:
    """Rows of a few base texts, whole, changed a little or a lot, some faulty, some with ids."""
    rows: list[RawRow | Reject] = []
    for line in range(1, draw(st.integers(0, 25)) + 1):
        words = story(draw(st.integers(0, 6)))
        for at in draw(st.lists(st.integers(0, 59), max_size=4)):
            words[at] = "changed"
        if draw(st.booleans()):
            words = words[: draw(st.sampled_from([30, 45, 55]))] + story(line + 100, 20)
        values: dict[str, Any] = {
            "topics": draw(st.sampled_from(["sport", "arts", "crime;sport", "golf"])),
            "text": " ".join(words),
        }
        if draw(st.booleans()):
            values["id"] = draw(st.sampled_from(["a", "b", "c", f"id{line}"]))
        rows.append(RawRow("a.jsonl", line, values))
        if draw(st.integers(0, 9)) == 0:
            rows[-1] = Reject("a.jsonl", line, "broken JSON")
    return rows


@given(row_lists())
def test_law_every_row_is_an_article_a_reject_or_a_duplicate(rows: list[RawRow | Reject]) -> None:
    corpus = corpus_of(rows, PARAMS)
    assert len(rows) == len(corpus.articles) + len(corpus.rejects) + len(corpus.duplicates)
    left_out = [one.line for one in corpus.rejects + corpus.duplicates]
    assert len(set(left_out)) == len(left_out)
    assert len({article.id for article in corpus.articles}) == len(corpus.articles)


@given(row_lists())
def test_law_nothing_alike_straddles_a_split_or_a_fold(rows: list[RawRow | Reject]) -> None:
    articles = corpus_of(rows, PARAMS).articles
    place = {article.id: (article.split, article.fold) for article in articles}
    by_id = {article.id: article for article in articles}
    for article in articles:
        assert place[article.group] == place[article.id]
        assert by_id[article.group].group == article.group
        for other in articles:
            similarity = jaccard(shingles(article), shingles(other))
            if other.id != article.id:
                assert similarity < PARAMS.near_duplicate
            if similarity >= SOFT * PARAMS.near_duplicate:
                assert other.group == article.group


@given(row_lists().flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_law_the_order_of_rows_does_not_matter(
    orders: tuple[list[RawRow | Reject], list[RawRow | Reject]],
) -> None:
    one, two = (corpus_of(rows, PARAMS) for rows in orders)
    assert msgspec.json.encode(one.articles) == msgspec.json.encode(two.articles)


def test_the_fuller_of_two_near_duplicates_stays_and_is_named() -> None:
    words = story(1)
    corpus = corpus_of(
        [
            row(1, id="short", text=" ".join(words[:50])),
            row(2, id="long", text=" ".join(words)),
            row(3, id="again", text=" ".join(words).upper()),
        ],
        PARAMS,
    )
    assert [article.id for article in corpus.articles] == ["again"]
    assert [str(one) for one in corpus.duplicates] == [
        "a.jsonl:1: near duplicate of again (a.jsonl:3) (similarity 0.82)",
        "a.jsonl:2: duplicate of again (a.jsonl:3)",
    ]


def test_a_rewrite_is_kept_in_the_group_of_its_source() -> None:
    words = story(1)
    rewrite = words[:40] + story(2, 20)
    corpus = corpus_of(
        [row(1, id="b", text=" ".join(words)), row(2, id="a", text=" ".join(rewrite))], PARAMS
    )
    assert [(article.id, article.group) for article in corpus.articles] == [("a", "a"), ("b", "a")]


def test_an_id_given_twice_is_a_fault_of_the_shorter_text() -> None:
    corpus = corpus_of(
        [
            row(1, id="x", text="A short text of its own."),
            row(2, id="x", text=" ".join(story(1))),
        ],
        PARAMS,
    )
    assert [str(one) for one in corpus.rejects] == [
        "a.jsonl:1: id 'x' belongs to another article (a.jsonl:2)"
    ]


def test_columns_that_nothing_reads_are_named() -> None:
    corpus = corpus_of([row(1, text="It rained.", url="u", headlin="h")], PARAMS)
    assert corpus.unused == {"a.jsonl": ("headlin", "url")}
    assert summary(corpus) == [
        "1 articles (1 train, 0 test), 0 rows rejected, 0 duplicates dropped",
        "a.jsonl: columns that are not used: headlin, url",
    ]


def test_no_article_at_all_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    params = msgspec.structs.replace(PARAMS, sources=(str(source),))
    source.write_text('{"topics": "golf", "text": "A round."}\n', encoding="utf-8")
    with pytest.raises(BroadsheetError, match=r"no article accepted .*a\.jsonl:1: unknown topic"):
        build_corpus(params)
    source.write_text("\n", encoding="utf-8")
    with pytest.raises(BroadsheetError, match="there are no rows"):
        build_corpus(params)


def test_a_corpus_too_small_to_split_is_an_error() -> None:
    def corpus(count: int, **fixed: str) -> Corpus:
        rows = [
            row(n, **{"text": " ".join(story(n)), **labels[n % 2], **fixed})
            for n in range(1, count + 1)
        ]
        return corpus_of(rows, PARAMS)

    labels = [{"topics": "sport", "countries": "FR"}, {"topics": "arts", "countries": "DE"}]
    check_size(corpus(8), PARAMS.folds)
    with pytest.raises(BroadsheetError, match="1 topics"):
        check_size(corpus(8, topics="sport"), PARAMS.folds)
    check_size(corpus(8, countries=""), PARAMS.folds)
    with pytest.raises(BroadsheetError, match="2 articles are too few"):
        check_size(corpus(2), PARAMS.folds)
