from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from pipeline.errors import MissingArtifactError
from pipeline.finetune.sets import LEAST, corpus_stories, labelled_sets, vocabulary
from pipeline.finetune.train import SHARES
from pipeline.realnews import held_out
from pipeline.records import Article
from tests.finetune.shelf import fill


def test_nothing_measured_held_out_or_of_a_test_split_teaches(tmp_path: Path) -> None:
    fill(tmp_path)
    found = labelled_sets(tmp_path, 3)
    ids = {name: {story.id for story in own} for name, own in found.items()}
    assert ids["guardian"] == {f"guardian-{i}" for i in range(1, 50)}
    assert ids["agnews"] == {"ag-2"}
    assert ids["reuters"] == {"reuters-1"}
    assert 0 < len(ids["labelled"]) < 30
    assert ids["labelled"] == {f"own-{i}" for i in range(30) if not held_out(f"own-{i}", 3)}


def test_a_story_held_out_of_one_set_is_in_no_other(tmp_path: Path) -> None:
    fill(tmp_path)
    seen = [story.id for own in labelled_sets(tmp_path, 3).values() for story in own]
    assert len(seen) == len(set(seen))
    assert "own-1" not in {s.id for s in labelled_sets(tmp_path, 3)["guardian"]}


def test_only_training_articles_of_the_corpus_teach() -> None:
    own = Article("A", ("sport",), ("FR",), ("One.", "Two."), headline="H")
    held = Article("B", ("sport",), ("FR",), ("One.",), split="test")
    (story,) = corpus_stories([own, held])
    assert (story.id, story.headline, story.text) == ("A", "H", "One. Two.")
    assert story.labels == {"topics": ("sport",)}


def test_rare_labels_are_not_asked_for_but_topics_always_are(tmp_path: Path) -> None:
    fill(tmp_path)
    known = vocabulary(chain.from_iterable(labelled_sets(tmp_path, 3).values()))
    assert known["topics"] == ("society", "weather")
    assert LEAST <= 49 and known["guardian"] == ("Rain", "section world")
    assert known["huffpost"] == ()


def test_every_set_has_a_share_of_the_batches(tmp_path: Path) -> None:
    fill(tmp_path)
    assert {"corpus", *labelled_sets(tmp_path, 3)} == set(SHARES)


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="pages_dev"):
        labelled_sets(tmp_path, 6)
