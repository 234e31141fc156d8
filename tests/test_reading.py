from __future__ import annotations

from pipeline.reading import Sample, plain_sample
from pipeline.records import Part, Story


def test_credit_byline_caption_and_kicker_are_not_read() -> None:
    text = "FLOOD: River rises\nBy A. Writer\nWater came.\nPhoto: AP"
    roles = {"FLOOD": "kicker", "River rises": "headline", "By A. Writer": "byline",
             "Water came.": "body", "Photo: AP": "credit"}  # fmt: skip
    parts = tuple(
        Part(text.index(piece), text.index(piece) + len(piece), role)  # type: ignore[arg-type]
        for piece, role in roles.items()
    )
    sample = Sample(text, Story(0, len(text), "article", False, parts))
    assert sample.readable() == "River rises\nWater came."
    assert sample.first("kicker") == "FLOOD"
    assert sample.first("dateline") is None


def test_a_story_of_nothing_else_is_read_whole() -> None:
    sample = Sample("Photo: AP", Story(0, 9, "article", False, (Part(0, 9, "credit"),)))
    assert sample.readable() == "Photo: AP"


def test_a_plain_sample_sets_the_dateline_before_the_first_paragraph() -> None:
    sample = plain_sample(("It rained.", "It stopped."), "Rain", "OSLO")
    assert sample.text == "Rain\nOSLO It rained.\nIt stopped."
    assert sample.first("dateline") == "OSLO"
    assert sample.readable() == "Rain\nIt rained.\nIt stopped."
