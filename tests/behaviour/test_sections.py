"""What trained models must find in running prose. Skipped until ``make repro`` has made them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from pipeline.classify import Classifier
from pipeline.errors import MissingArtifactError

ROOT = Path(__file__).parents[2]
LECTURE = (ROOT / "examples" / "lecture.txt").read_text(encoding="utf-8")
OPENINGS = ["Good morning.", "Let us turn to", "The last part"]
pytestmark = pytest.mark.models


@lru_cache
def classifier() -> Classifier:
    return Classifier.load(ROOT / "models")


def openings(text: str, min_boundary: float | None = None) -> list[str]:
    cut = classifier().cut(text, "section", min_boundary)
    return [text[story.start :] for story in cut.stories]


@pytest.mark.parametrize("between", ["\n", " ", "\n\n"])
def test_a_lecture_is_cut_where_it_turns_to_another_subject(between: str) -> None:
    text = between.join(LECTURE.split("\n")).strip()
    found = openings(text)
    assert len(found) == len(OPENINGS)
    assert all(own.startswith(said) for own, said in zip(found, OPENINGS, strict=True))


def test_of_a_sentence_a_line_the_turns_are_the_surest_cuts() -> None:
    text = LECTURE.replace(". ", ".\n")
    inner = classifier().cut(text, "section").stories[1:]
    surest = sorted(inner, key=lambda story: -story.boundary)[:2]
    starts = {text.index(opening) for opening in OPENINGS[1:]}
    assert {story.start for story in surest} == starts


def test_one_subject_is_left_whole() -> None:
    for paragraph in LECTURE.strip().split("\n"):
        cut = classifier().cut(paragraph, "section")
        assert len(cut.stories) == 1
        assert cut.single > 5 * classifier().cut(LECTURE, "section").single


def test_only_what_is_surer_is_cut_at_a_higher_probability() -> None:
    assert len(openings(LECTURE, 0.99)) == 1


def test_models_without_it_name_the_remedy() -> None:
    own = classifier()
    bare = Classifier(own.segmenter, own.topics, own.places, own.encoder)
    with pytest.raises(MissingArtifactError, match="make sections"):
        bare.cut(LECTURE, "section")
    assert bare.cut(LECTURE).stories
