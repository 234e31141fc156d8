from __future__ import annotations

from pathlib import Path

from pipeline.evaluate.source_labels import (
    CATEGORIES,
    FORMER,
    SECTIONS,
    reuters_places,
    source_labels,
)
from pipeline.taxonomy import TOPICS, is_country
from tests.finetune.shelf import write


def test_sections_and_categories_are_topics() -> None:
    keys = {topic.key for topic in TOPICS}
    assert {*SECTIONS.values(), *CATEGORIES.values()} <= keys


def test_places_of_another_age_have_codes() -> None:
    places = reuters_places()
    assert (places["ivory-coast"], places["papua-new-guinea"]) == ("CI", "PG")
    assert all(is_country(code) for code in FORMER.values())
    assert all(is_country(code) for code in places.values())


def test_a_story_has_what_it_came_with_or_nothing(tmp_path: Path) -> None:
    write(
        tmp_path / "data/guardian.jsonl.gz",
        [{"id": "guardian-1", "section": "film"}, {"id": "guardian-2", "section": "world"}],
    )
    write(
        tmp_path / "data/reuters21578.jsonl.gz",
        [
            {"id": "reuters-1", "topics": ["earn"], "places": ["usa", "ussr"]},
            {"id": "reuters-2", "topics": [], "places": ["atlantis"]},
            {"id": "reuters-3", "topics": ["earn"], "places": ["uk"]},
        ],
    )
    ids = ["guardian-1", "guardian-2", "reuters-1", "reuters-2", "bbc-tech-001"]
    found = source_labels(tmp_path, ids)
    assert {name: own.topics.labels for name, own in found.items()} == {
        "guardian-1": ("arts",),
        "reuters-1": ("economy",),
        "reuters-2": (),
        "bbc-tech-001": ("science",),
    }
    assert found["reuters-1"].countries.labels == ("US", "RU")
