from __future__ import annotations

from typing import Any

from pipeline.evaluate.answers import Answer
from pipeline.evaluate.classification import Truth
from pipeline.evaluate.confusions import OPENING, PAIRS, confusions, mistakes, quoted
from pipeline.records import Article


def said(topic: str, score: float, *others: tuple[str, float]) -> Answer:
    return Answer((topic,), (), (), ((topic, score), *others), ())


TRUTHS = [
    Truth(("politics",)),
    Truth(("politics", "conflict")),
    Truth(("politics",), frozenset({"conflict"})),
    Truth(("sport",)),
    Truth(("arts",), main=("arts", "lifestyle")),
    Truth(("weather",)),
    Truth(()),
]
ANSWERS = [
    said("conflict", 0.6, ("politics", 0.3)),
    said("conflict", 0.9),
    said("conflict", 0.7),
    said("sport", 0.9),
    said("lifestyle", 0.5),
    Answer((), (), (), (), ()),
    said("sport", 0.9),
]


def named(i: int) -> dict[str, Any]:
    return {"id": f"s-{i}"}


def test_pairs_come_by_number_with_their_surest_mistakes() -> None:
    found = confusions(TRUTHS, ANSWERS, 2, named)
    counted = {name: found[name] for name in ("stories", "wrong", "further", "kinds")}
    assert counted == {"stories": 6, "wrong": 4, "further": 2, "kinds": 2}
    pairs = found["pairs"]
    assert [(pair["gold"], pair["predicted"], pair["stories"]) for pair in pairs] == [
        ("politics", "conflict", 3),
        ("weather", "", 1),
    ]
    assert pairs[0]["further"] == 2
    assert [each["id"] for each in pairs[0]["examples"]] == ["s-1", "s-2"]
    assert pairs[1]["examples"] == [{"id": "s-5", "score": 0.0, "gold_score": 0.0}]


def test_both_scores_of_an_example_are_there() -> None:
    (first, *_) = mistakes(TRUTHS, ANSWERS)
    assert (first.score, first.gold_score, first.further) == (0.6, 0.3, False)


def test_none_are_quoted_where_none_are_asked_for() -> None:
    found = confusions(TRUTHS, ANSWERS, 0, named)["pairs"]
    assert [pair["examples"] for pair in found] == [[], []]


def test_only_the_commonest_pairs_are_kept_the_surest_first() -> None:
    many = range(PAIRS + 5)
    truths = [Truth((f"t{i:02d}",)) for i in many]
    found = confusions(truths, [said("sport", i / 100) for i in many], 1, named)
    assert found["kinds"] == PAIRS + 5
    assert [pair["gold"] for pair in found["pairs"]] == [t.labels[0] for t in truths[:4:-1]]


def test_an_article_is_quoted_no_further_than_its_opening() -> None:
    article = Article("A-1", ("arts",), (), ("word " * 100, "second"), headline="Title")
    shown = quoted(article)
    assert (shown["id"], shown["headline"]) == ("A-1", "Title")
    assert len(shown["opening"]) <= OPENING
