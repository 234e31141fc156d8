from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from benchmarks.classification import _row, measure, report
from benchmarks.labelled import Item, Task, _folds
from benchmarks.labellers import (
    SHOTS,
    Bench,
    Labeller,
    bayes,
    counted,
    few_shots,
    flashgeotext,
    linear,
    newsmap,
    taught_places,
    zero_shot,
)
from benchmarks.roster import installed
from pipeline.params import load_params
from tests.cli.fake_classifier import FakeClassifier
from tests.encoders import HashedEncoder

WORDS = {"sport": "goal match team referee", "weather": "rain wind snow forecast"}
ITEMS = [
    Item("News", f"{WORDS[label]} {i}", (label,), (label,))
    for i in range(20)
    for label in ("sport", "weather")
]
TASK = Task("t", "made up", [])


@pytest.fixture
def bench(root: Path) -> Bench:
    classifier: Any = FakeClassifier()
    classifier.encoder = HashedEncoder()
    return Bench(classifier, HashedEncoder(), load_params(root / "params.yaml"))


@pytest.mark.parametrize("learn", [linear, bayes])
def test_words_tell_topics_apart(bench: Bench, learn: object) -> None:
    assert callable(learn)
    found = learn(bench, TASK, ITEMS[:30], ITEMS[30:])
    assert [one[0] for one in found] == [item.labels[0] for item in ITEMS[30:]]


def test_a_description_is_enough_for_a_label(bench: Bench) -> None:
    found = zero_shot(bench, TASK, ITEMS, ITEMS[:4])
    assert len(found) == 4 and all(one[0] in WORDS for one in found)


def test_mentions_are_votes_and_half_of_the_most_is_enough(bench: Bench) -> None:
    text = "France and Paris: French talks with Kenya, and with Peru, Lima and Peruvian firms."
    (found,) = counted(bench, TASK, [], [Item(None, text, (), ())])
    assert set(found) == {"FR", "PE"}


def test_few_shots_are_as_many_of_each_label_and_always_the_same() -> None:
    few = few_shots(ITEMS)
    assert [item.labels[0] for item in few] == ["sport"] * SHOTS + ["weather"] * SHOTS
    assert few == few_shots(ITEMS)


@pytest.mark.skipif(not installed("flashgeotext"), reason="flashgeotext is not installed")
def test_cities_that_come_without_a_country_are_looked_up(bench: Bench) -> None:
    texts = ["Peru: talks in Lima went on; one in London did not.", "Nothing here."]
    items = [Item(None, text, (), ()) for text in texts]
    assert flashgeotext(bench, TASK, [], items) == [("PE", "GB"), ()]


def test_seeds_teach_the_words_beside_them(bench: Bench) -> None:
    lines = ["Japan: the Diet met Kono.", "Japan again, the Diet and Kono.", "France: the Senate."]
    items = [Item(None, line, (), ()) for line in [*lines, "Kono left the Diet."]]
    assert newsmap(bench, TASK, [], items)[3] == ("JP",)


def test_a_set_teaches_what_it_calls_in_focus(bench: Bench) -> None:
    codes = {"Peru": "PE", "Kenya": "KE", "Norway": "NO", "Japan": "JP", "Chad": "TD", "Fiji": "FJ"}
    items = [
        Item(None, f"{one} was named. {one} {word}, and in the end {two}.", (codes[two],), ())
        for one, two in permutations(codes, 2)
        for word in ("again", "twice", "too", "once more")
    ]
    ((train, held), *_) = _folds(items)
    assert not {item.text for item in train} & {item.text for item in held}
    assert taught_places(bench, TASK, train, held) == [item.labels for item in held]
    votes = counted(bench, TASK, [], held)
    assert all(own[0] != item.labels[0] for own, item in zip(votes, held, strict=True))


def test_folds_hold_every_item_out_once_and_teach_the_others() -> None:
    folds = _folds(ITEMS)
    assert sorted(item.text for _, held in folds for item in held) == sorted(i.text for i in ITEMS)
    for train, held in folds:
        assert len(train) + len(held) == len(ITEMS)
        assert not {item.text for item in train} & {item.text for item in held}


def test_what_learns_is_left_out_where_there_is_nothing_to_learn_from(bench: Bench) -> None:
    labellers = [Labeller("A", counted), Labeller("B", counted, taught=True)]
    items = [Item(None, "Peru", ("PE",), ("PE",))]
    plain = _row(TASK._replace(parts=[([], items)]), labellers, bench)
    taught = _row(TASK._replace(parts=[([], items)], taught=[(items, items)]), labellers, bench)
    assert list(plain["methods"]) == ["A"] and list(taught["methods"]) == ["A", "B"]
    assert report({"topics": [], "places": [plain, taught]}).count("–") == 1


def test_a_label_of_one_annotator_is_neither_right_nor_wrong() -> None:
    items = [Item(None, "a", ("sport",), ("sport", "arts"), ("weather",))] * 3
    named = [("sport",), ("arts",), ("sport", "weather")]
    found = measure(items, named)
    assert found["accuracy"] == 1.0
    assert found["f1"] == pytest.approx(2 * 2 / (3 + 3))
    made = {"name": "t", "what": "w", "stories": 3, "methods": {"A": found}}
    assert "**1.000** [1.000, 1.000]" in report({"topics": [made], "places": [made]})
