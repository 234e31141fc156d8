from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import CorruptArtifactError
from pipeline.evaluate.answers import Answer, gold_labels
from pipeline.evaluate.predictions import judged_pages, judged_stories
from pipeline.records import Page, Story
from pipeline.store.predictions import Judged, read_predictions, write_predictions


def said(topics: tuple[str, ...], countries: tuple[str, ...]) -> Answer:
    return Answer(topics, countries, (), (("health", 0.5), ("sport", 0.25)), (("FR", 0.75),))


def page(*starts: int) -> Page:
    stories = tuple(Story(start, start + 5, "brief", False, ()) for start in starts)
    return Page("p", "digest", "word " * 20, stories, ())


def test_stories_are_judged_by_main_topic_and_by_the_set_of_countries() -> None:
    truths = [
        gold_labels(("sport", "health"), ("FR", "DE")),
        gold_labels(("arts",), (), main=("arts", "society"), countries_also=("IT",)),
        gold_labels((), ("FR",)),
    ]
    answers = [
        said(("health", "sport"), ("DE", "FR")),
        said(("society",), ("IT",)),
        said(("sport",), ()),
    ]
    assert list(judged_stories(["a", "b", "c"], truths, answers)) == [
        Judged("topic", "a", ("sport",), ("health",), False, (0.5,), (0.25,)),
        Judged("countries", "a", ("FR", "DE"), ("DE", "FR"), True, (0.0, 0.75), (0.75, 0.0)),
        Judged("topic", "b", ("arts", "society"), ("society",), True, (0.0,), (0.0, 0.0)),
        Judged("countries", "b", (), ("IT",), True, (0.0,), ()),
        Judged("countries", "c", ("FR",), (), False, (), (0.75,)),
    ]


def test_without_a_country_in_gold_none_is_judged() -> None:
    (only,) = judged_stories(["a"], [gold_labels(("arts",), ())], [said((), ("FR",))])
    assert only == Judged("topic", "a", ("arts",), (), False, (), (0.0,))


def test_a_page_is_right_within_the_tolerance() -> None:
    gold = page(0, 20, 40)
    cuts = [page(0, 22, 40), page(0, 20), page(0, 20, 40, 60)]
    found = list(judged_pages([gold] * 3, cuts, 3))
    assert [one.right for one in found] == [True, False, False]
    assert (found[0].gold, found[0].said) == ((20, 40), (22, 40))
    assert found[2].said_scores == (1.0, 1.0, 1.0)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    kept = [Judged("topic", "a", ("arts",), (), False), Judged("boundaries", "p", (1,), (2,), True)]
    write_predictions(path, kept)
    assert read_predictions(path) == kept
    path.write_text('{"task":"mood","id":"a","gold":[],"said":[],"right":true}\n')
    with pytest.raises(CorruptArtifactError, match="line 1"):
        read_predictions(path)
