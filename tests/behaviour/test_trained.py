"""What a trained bundle must get right. Skipped until ``make repro`` has made one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import jsonschema
import pytest

from pipeline.classify import Classifier
from pipeline.records import Document
from pipeline.render.formats import JsonWriter
from tests.behaviour.pages import line_of, shared_example

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "examples" / "page.txt"
pytestmark = pytest.mark.models


@lru_cache
def classifier() -> Classifier:
    return Classifier.load(ROOT / "models")


@lru_cache
def document(text: str) -> Document:
    return classifier().document(text, "page.txt")


def roles(text: str, found: Document) -> Iterator[tuple[int, str, str]]:
    for story in found.stories:
        for part in story.parts:
            yield story.index, part.role, text[part.start : part.end]


def test_the_projects_page_is_cut_into_its_stories() -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = document(text)
    starts = [text[story.start :][:20] for story in found.stories]
    assert [start.split()[0] for start in starts] == [
        "Third", "FRONTIER:", "OIL", "South", "Legionnaires'"
    ]  # fmt: skip
    assert [text[span.start : span.end] for span in found.residue] == [
        "Home | World | Asia | Europe | Americas", "Most Popular",
        "© 2026 The Harbor Ledger. All rights reserved.",
    ]  # fmt: skip


def test_its_parts_are_found() -> None:
    text = PAGE.read_text(encoding="utf-8")
    parts = list(roles(text, document(text)))
    assert (0, "byline", "By Staff Writer") in parts
    assert (1, "kicker", "FRONTIER") in parts
    assert (2, "kicker", "OIL THEFT") in parts
    assert (4, "headline", "Legionnaires' cases in Bruges traced to laundry") in parts
    assert [story.truncated for story in document(text).stories] == [
        False, True, True, True, False
    ]  # fmt: skip


def test_its_stories_are_placed() -> None:
    found = document(PAGE.read_text(encoding="utf-8"))
    first = [[country.code for country in story.countries] for story in found.stories]
    assert set(first[0]) >= {"MY"}
    assert set(first[1]) >= {"RU", "EE"}
    assert set(first[3]) >= {"ZA", "FR"}
    assert first[4][0] == "BE"
    assert found.stories[3].topics[0].name == "sport"
    assert found.stories[4].topics[0].name == "health"


def test_a_flattened_page_keeps_its_kickered_stories_apart() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    starts = {text[story.start :][:9] for story in document(text).stories}
    assert {"FRONTIER:", "OIL THEFT"} <= starts


def test_evidence_points_at_places() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for story in document(text).stories:
        for country in story.countries:
            for span in country.evidence:
                assert story.start <= span.start < span.end <= story.end
                assert re.match(r"\w", text[span.start])


def test_the_answer_keeps_the_contract() -> None:
    schema = json.loads((ROOT / "contract" / "stories.schema.json").read_text(encoding="utf-8"))
    for text in (PAGE.read_text(encoding="utf-8"), "", "a", "\x00", "x" * 5000, "1 2 3\n" * 40):
        jsonschema.validate(as_json(document(text), text), schema)


def as_json(found: Document, text: str) -> object:
    import io

    out = io.StringIO()
    writer = JsonWriter(out)
    writer.add(found, text)
    writer.close()
    return json.loads(out.getvalue())


def test_one_page_alone_and_among_others_is_answered_alike() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before = document(text)
    classifier().document("Another page altogether.\nWith two lines.")
    assert classifier().document(text, "page.txt") == before


@pytest.mark.shared
def test_the_scraped_page_is_cut_and_labelled_as_a_person_would() -> None:
    text = shared_example("taipei_page.txt")
    found = document(text)
    assert [line_of(text, story.start) for story in found.stories] == [1, 12, 13, 14, 15]
    assert (0, "credit", "Photo: AP") in list(roles(text, found))
    assert [story.truncated for story in found.stories] == [False, True, True, True, True]
    assert [bool(story.kicker) for story in found.stories] == [False, True, True, False, True]
    assert found.stories[0].topics[0].name == "conflict, war and peace"
    assert found.stories[4].topics[0].id == "medtop:03000000"
    codes = [[country.code for country in story.countries] for story in found.stories]
    assert {"KR", "KP", "RU"} <= set(codes[0][:4])
    assert codes[1][0] == codes[3][0] == "TW"
    assert set(codes[2]) >= {"TW", "CN"}
    assert codes[4][0] == "MM"
    assert "TH" in codes[4]


def test_the_readme_shows_what_the_projects_page_gives() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme[readme.index('{"source": "examples/page.txt"') :].split("\n\n")[0]
    story = document(PAGE.read_text(encoding="utf-8")).stories[1]
    said = [story.boundary]
    said += [label.score for label in (*story.topics, *story.countries, *story.regions)]
    printed = re.findall(r'"(?:boundary|score)": ([\d.]+)', shown)
    assert [float(number) for number in printed] == pytest.approx(
        said, abs=0.01
    )  # other processors
    for part in story.parts:
        assert f'{{"start": {part.start}, "end": {part.end}, "role": "{part.role}"}}' in shown


@pytest.mark.parametrize(
    "text",
    [
        "for (const key of Object.keys(map)) { if (!map[key]) delete map[key]; }",
        "Die Polizei nahm am Mittwoch zwei Verdächtige fest, wie eine Sprecherin mitteilte.",
        pytest.param(
            "Bolts M6 x 40, nuts M6, washers M6, screws 4 x 30, hooks, wall plugs 8 mm, cable ties",
            marks=pytest.mark.xfail(strict=True, reason="a known shortfall of the taught encoder"),
        ),
        "Log in | Register | Basket (0) | Help | Contact us | Store finder",
    ],
)
def test_what_is_no_news_in_english_is_marked(text: str) -> None:
    found = classifier().document(text, split=False)
    assert [story.uncertain for story in found.stories] == [True]


def test_the_stories_of_the_projects_page_are_not_marked() -> None:
    assert not any(story.uncertain for story in document(PAGE.read_text("utf-8")).stories)


@pytest.mark.parametrize(
    "dateline", ["LONDON (Reuters) -", "OTTAWA, Nov 12 (Reuters) -", "Tokyo, Nov 12, 2024 (AFP) -"]
)
def test_a_wire_s_dateline_is_told_from_the_text(dateline: str) -> None:
    text = f"{dateline} The central bank held its key rate on Tuesday. It will meet again in May."
    (story,) = classifier().document(text).stories
    assert [(part.role, text[part.start : part.end]) for part in story.parts] == [
        ("dateline", dateline),
        ("body", text[len(dateline) + 1 :]),
    ]


@pytest.mark.parametrize("text", ["x", "eggs\nbread\nsoap\n", "for i in range(3):\n    print(i)\n"])
def test_what_is_no_news_is_nowhere_unless_it_names_a_place(text: str) -> None:
    for story in classifier().document(text, split=False).stories:
        assert story.uncertain
        assert all(country.evidence for country in story.countries)


def test_headlines_that_lead_elsewhere_are_a_story_each() -> None:
    listed = [
        "Fed holds rates steady for third time", "Chelsea sign Brazilian teenager for 30m euros",
        "Kenyan court blocks new fuel tax", "Nokia to cut 2,000 jobs in Finland",
        "Measles outbreak closes schools in Samoa",
    ]  # fmt: skip
    text = "\n".join(["Top stories this morning", *listed])
    found = document(text)
    assert [text[story.start : story.end] for story in found.stories] == listed
    assert {story.kind for story in found.stories} == {"teaser"}
    assert [text[span.start : span.end] for span in found.residue] == ["Top stories this morning"]


def test_a_broadcast_is_cut_where_its_anchor_goes_on_if_anywhere() -> None:
    text = (
        "ANCHOR: Firefighters in northern Portugal are battling dozens of blazes that have killed "
        "seven people.\nREPORTER: The flames came down the hillside in minutes.\n"
        "RESIDENT: We lost the house, the car, everything.\n"
        "REPORTER: The government has asked the EU for water-dropping planes.\n"
        "ANCHOR: Turning to business now. Shares of Boeing fell four percent after the company "
        "said its machinists had voted to strike.\n"
        "ANALYST: This could cost them a billion dollars a month.\n"
        "ANCHOR: The strike begins at midnight.\n[MUSIC]\n"
        "ANCHOR: Scientists in Australia have sequenced the genome of the extinct thylacine.\n"
        "PROFESSOR: It is the most complete ancient genome ever.\n"
    )
    starts = [line_of(text, story.start) for story in document(text).stories]
    assert {1, 9} <= set(starts) <= {1, 5, 9}
