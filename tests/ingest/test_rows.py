from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.rows import check_row, content_hash
from pipeline.ingest.sources import RawRow, Reject
from pipeline.labels import Label, Taxonomy
from pipeline.records import Article

TEXT = "The bridge opened on Monday after four years of work and two of waiting."


def check(**values: Any) -> Article | Reject:
    return check_row(RawRow("a.jsonl", 7, values))


def accepted(**values: Any) -> Article:
    article = check(**values)
    assert isinstance(article, Article), article
    return article


def reason(**values: Any) -> str:
    reject = check(**values)
    assert isinstance(reject, Reject)
    assert (reject.source, reject.line) == ("a.jsonl", 7)
    return reject.reason


def test_a_full_row() -> None:
    article = accepted(
        id=12,
        topics=["medtop:04000000", "labour", "economy"],
        countries=["gb", "XK"],
        form="medium",
        headline=" Bridge \n opens ",
        kicker="",
        paragraphs=[TEXT, "", "Two\u00a0 lines\nin one item."],
        url="https://example.org",
    )
    assert article == Article(
        id="12",
        topics=("economy", "labour"),
        countries=("GB", "XK"),
        paragraphs=(TEXT, "Two lines", "in one item."),
        form="medium",
        headline="Bridge opens",
    )


def test_lists_as_one_string() -> None:
    article = accepted(topics="sport; 09000000 ;", countries="FR;DE", text=f"{TEXT}\n\n{TEXT}")
    assert article.topics == ("sport", "labour")
    assert article.countries == ("FR", "DE")
    assert article.paragraphs == (TEXT, TEXT)


def test_the_form_is_told_by_length() -> None:
    forms = [accepted(topics="sport", text="word " * n).form for n in (90, 91, 172, 173)]
    assert forms == ["brief", "medium", "medium", "full"]


def test_an_id_is_derived_from_the_words() -> None:
    one = accepted(topics="sport", text=TEXT)
    same = accepted(topics="arts", countries="FR", text=TEXT.upper().replace(" ", "\n"))
    other = accepted(topics="sport", text=TEXT + " More.")
    assert one.id == same.id == f"text-{content_hash(one)[:16]}"
    assert one.id != other.id


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": TEXT}, "no topic: give `topics`"),
        ({"topics": "golf", "text": TEXT}, "unknown topic 'golf'"),
        ({"topics": "medtop:20000002", "text": TEXT}, "unknown topic"),
        ({"topics": " ; ", "text": TEXT}, "no topic"),
        ({"topics": "sport", "text": TEXT, "countries": ["UK"]}, "unknown country 'UK'"),
        ({"topics": "sport", "text": TEXT, "countries": ["ZZ"]}, "unknown country 'ZZ'"),
        ({"topics": "sport"}, "no text"),
        ({"topics": "sport", "text": " .\n!"}, "the text has no words"),
        ({"topics": "sport", "text": TEXT, "form": "long"}, "unknown form 'long'"),
        ({"topics": "sport", "text": TEXT, "headline": 5}, "Expected `str"),
        ({"topics": "sport", "text": f"{TEXT}\0"}, "control character U+0000"),
        ({"topics": "sport", "paragraphs": [f"{TEXT}\x1b[2J"]}, "control character U+001B"),
        ({"topics": "sport", "text": "caf\udce9"}, "not UTF-8"),
        ({"topics": {"a": 1}, "text": TEXT}, "Expected"),
    ],
)
def test_a_fault_is_named(values: dict[str, Any], message: str) -> None:
    assert message in reason(**values)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
columns = st.sampled_from(
    [
        "id",
        "topics",
        "topic",
        "label",
        "countries",
        "form",
        "headline",
        "text",
        "paragraphs",
        "caption",
        "else",
    ]
)


@given(st.dictionaries(columns, json_values | st.just("sport") | st.just(TEXT)))
def test_law_any_row_is_an_article_or_a_reject_and_never_an_error(values: dict[str, Any]) -> None:
    checked = check(**values)
    if isinstance(checked, Article):
        assert checked.id and checked.topics
        assert all(p == " ".join(p.split()) != "" for p in checked.paragraphs)
    else:
        assert checked.reason


def test_nowhere_and_a_union_are_no_countries_and_a_title_is_a_headline() -> None:
    row = {"topics": "sport", "text": TEXT, "title": "A cup", "countries": ["XX", "fr", "EU"]}
    article = check_row(RawRow("a.jsonl", 1, row))
    assert isinstance(article, Article)
    assert (article.countries, article.headline) == (("FR",), "A cup")


@pytest.mark.parametrize(
    "values",
    [
        {"topic": "sport"},
        {"label": ["sport"]},
        {"topics": "sport", "label": "spam"},
        {"topics": None, "label": 15000000},
        {"topics": ["medtop:15000000", "Sport"]},
    ],
)
def test_a_topic_may_stand_in_other_columns_and_be_a_number(values: dict[str, Any]) -> None:
    assert accepted(text=TEXT, **values).topics == ("sport",)


def test_topics_are_those_of_the_taxonomy() -> None:
    taxonomy = Taxonomy([Label("Sci/Tech", "Science", "own:4"), Label("2", "Two", "2")], "my.csv")

    def topics(**values: Any) -> tuple[str, ...] | str:
        checked = check_row(RawRow("a.jsonl", 1, {"text": TEXT, **values}), taxonomy)
        return checked.topics if isinstance(checked, Article) else checked.reason

    assert topics(label="sci/tech") == topics(topics="own:4") == ("Sci/Tech",)
    assert topics(label=2) == ("2",)
    assert topics(topics="2; Sci/Tech") == ("2", "Sci/Tech")
    assert topics(topics="sport") == "unknown topic 'sport': my.csv has no such key or id"
