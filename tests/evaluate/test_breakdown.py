from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.answers import article_labels
from pipeline.evaluate.breakdown import (
    BANDS,
    CONTINENTS,
    MOST,
    REST,
    breakdown,
    groupings,
    length_band,
    members,
    place_of,
    source_of,
    traits,
)
from pipeline.evaluate.end_to_end import Outcome
from pipeline.params import EvaluateParams
from pipeline.reading import article_sample, plain_sample
from pipeline.records import Article
from pipeline.taxonomy import M49_REGIONS

PARAMS = EvaluateParams(tolerance=3, bootstrap=50, bins=10, examples=1, seed=1)
STORIES = [
    Article("EA-1", ("sport",), ("KR",), ("Won in Seoul.",), "brief", headline="Won"),
    Article("EA-2", ("arts",), ("JP", "FR"), ("Film.",), "full"),
    Article("SO-1", ("arts",), (), ("A film. " * 30,), "full"),
]
SAID = [
    Outcome(True, ("sport",), ("KR",)),
    Outcome(True, ("sport",), ("JP",)),
    Outcome(False),
]


def test_each_group_has_its_own_figures() -> None:
    truths = [article_labels(story) for story in STORIES]
    every = [traits(story.id, article_sample(story), story.form) for story in STORIES]
    found = breakdown(groupings(every, truths), truths, SAID, PARAMS)
    assert set(found) == {"source", "length", "form", "headline", "region", "subregion"}
    east, south = found["source"]
    assert (east["group"], east["stories"], east["countries"]) == ("EA", 2, 3)
    assert (east["topic_accuracy"], east["country_f1"]) == (0.5, pytest.approx(4 / 5))
    assert east["topic_accuracy_low"] <= 0.5 <= east["topic_accuracy_high"]
    assert (south["topic_accuracy"], south["country_f1"]) == (0.0, None)
    assert south["country_f1_low"] is None
    assert [row["group"] for row in found["length"]] == ["under 30", "50 to 99"]
    assert [row["group"] for row in found["form"]] == ["full", "brief"]
    assert {row["group"]: row["stories"] for row in found["headline"]} == {"with": 1, "without": 2}
    assert {row["group"]: row["stories"] for row in found["region"]} == {"Asia": 2, "none": 1}
    assert found["subregion"][0]["group"] == "Eastern Asia"


def test_a_trait_that_no_story_has_makes_no_breakdown() -> None:
    truths = [article_labels(STORIES[0])]
    assert "form" not in groupings([traits("x-1", plain_sample(("Won.",)))], truths)


def test_topics_of_stories_without_any_are_not_judged() -> None:
    truths = [article_labels(Article("A-1", (), ("KR",), ("Won.",))), article_labels(STORIES[0])]
    said = [Outcome(False), SAID[0]]
    (row,) = breakdown({"source": ["A", "A"]}, truths, said, PARAMS, ["A-1", "EA-1"])["source"]
    assert (row["stories"], row["topic_accuracy"]) == (2, 1.0)


def test_printings_of_one_article_are_drawn_together() -> None:
    truths = [article_labels(STORIES[0])] * 2
    said = [SAID[0], Outcome(False)]
    (alone,) = breakdown({"source": ["A", "A"]}, truths, said, PARAMS)["source"]
    (together,) = breakdown({"source": ["A", "A"]}, truths, said, PARAMS, ["a", "a"])["source"]
    assert (alone["topic_accuracy_low"], alone["topic_accuracy_high"]) == (0.0, 1.0)
    assert (together["topic_accuracy_low"], together["topic_accuracy_high"]) == (0.5, 0.5)


def test_every_sub_region_of_the_standard_has_one_region() -> None:
    codes = [code for own in CONTINENTS.values() for code in own]
    assert sorted(codes) == sorted(M49_REGIONS.values())
    assert place_of(("NA",)) == ("Africa", "Southern Africa")
    assert place_of(()) == place_of(("AQ",)) == ("none", "none")


@given(st.integers(min_value=0, max_value=1000))
def test_a_length_lies_in_the_band_that_names_it(words: int) -> None:
    band = length_band(words)
    first, *last = map(int, re.findall(r"\d+", band))
    if band.startswith("under"):
        assert words < first == BANDS[0]
    elif last:
        assert first <= words <= last[0]
    else:
        assert words >= first == BANDS[-1]


@given(st.lists(st.sampled_from([f"s{i}" for i in range(40)]), max_size=200))
def test_groups_share_the_stories_out(groups: list[str]) -> None:
    found = members(groups)
    assert sorted(i for _, rows in found for i in rows) == list(range(len(groups)))
    assert len(found) <= MOST
    kept = [(name, rows) for name, rows in found if name != REST]
    assert all(groups[i] == name for name, rows in kept for i in rows)
    assert [len(rows) for _, rows in kept] == sorted((len(r) for _, r in kept), reverse=True)


def test_an_id_without_a_prefix_has_no_source() -> None:
    assert source_of("17") == "none"
