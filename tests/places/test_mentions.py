from __future__ import annotations

from pipeline.places.features import FEATURES, feature_rows, tally
from pipeline.places.gazetteer import Gazetteer
from pipeline.places.mentions import survey, weigh
from pipeline.places.records import Name
from pipeline.reading import Sample, plain_sample
from pipeline.records import Part, Story


def test_offsets_point_into_the_page(gazetteer: Gazetteer) -> None:
    text = "Other news. Osaka waits\nBy Kim in Paris\nA Japanese firm moves."
    parts = (Part(12, 23, "headline"), Part(24, 39, "byline"), Part(40, len(text), "body"))
    scene = survey(Sample(text, Story(12, len(text), "article", False, parts)), gazetteer)
    spans = [text[m.toponym.start : m.toponym.end] for m in scene.mentions]
    assert spans == ["Osaka", "Japanese"]
    assert [m.role for m in scene.mentions] == ["headline", "body"]


def test_an_unmarked_dateline_is_seen(gazetteer: Gazetteer) -> None:
    scene = survey(plain_sample(("BANGKOK (Wire) - Japan was fuming.",)), gazetteer)
    assert [m.role for m in scene.mentions] == ["dateline", "body"]


def test_a_city_in_a_name_is_loose(gazetteer: Gazetteer) -> None:
    scene = survey(plain_sample(("It said Paris Quibble met her in Paris.",)), gazetteer)
    assert [m.loose for m in scene.mentions] == [True, False]
    assert [m.located for m in scene.mentions] == [False, True]


def test_a_later_gazetteer_fills_what_earlier_ones_leave(gazetteer: Gazetteer) -> None:
    learned = {
        name: Name("learned", (("KE", 1.0),), 3.0)
        for name in ("Harbour Board", "Paris Harbour", "Osaka")
    }
    text = "The Harbour Board of Paris Harbour and Osaka."
    scene = survey(plain_sample((text,)), gazetteer, Gazetteer(learned))
    found = [text[m.toponym.start : m.toponym.end] for m in scene.mentions]
    assert found == ["Harbour Board", "Paris", "Osaka"]
    assert [m.toponym.kind == "learned" for m in scene.mentions] == [True, False, False]


def test_other_names_and_context_settle_an_ambiguous_one(gazetteer: Gazetteer) -> None:
    scene = survey(plain_sample(("Georgia voted. The U.S. watched. Texas did too.",)), gazetteer)
    alone = survey(plain_sample(("Georgia voted.",)), gazetteer)
    assert dict(weigh(scene.mentions, {})[0])["US"] > dict(weigh(alone.mentions, {})[0])["US"]
    assert dict(weigh(alone.mentions, {"US": 0.9})[0])["US"] > 0.5


def test_rows_describe_candidates(gazetteer: Gazetteer) -> None:
    sample = plain_sample(("The Peruvian fleet left Japan for Peru.",), "Peru sails", "LIMA")
    context = {"PE": 0.7, "FR": 0.3}
    scene = survey(sample, gazetteer)
    tallies = tally(scene, context)
    rows = feature_rows(scene, tallies, context, {"PE": 0.1})
    assert list(tallies) == ["PE", "JP"]
    assert rows.shape == (2, len(FEATURES))
    column = {name: rows[:, i] for i, name in enumerate(FEATURES)}
    assert column["headline"].tolist() == [1.0, 0.0]
    assert column["weight"][0] > column["weight"][1]
    assert column["share"].sum() == 1


def test_the_context_suggests_where_nothing_is_named(gazetteer: Gazetteer) -> None:
    scene = survey(plain_sample(("Nobody came.",)), gazetteer)
    tallies = tally(scene, {"JP": 0.6, "FR": 0.4})
    assert list(tallies) == ["JP"]
    rows = feature_rows(scene, tallies, {"JP": 0.6}, {})
    assert abs(rows).max() < 100


def test_no_candidates_no_rows(gazetteer: Gazetteer) -> None:
    scene = survey(plain_sample(("Nobody came.",)), gazetteer)
    assert feature_rows(scene, tally(scene, {}), {}, {}).shape == (0, len(FEATURES))


def test_a_place_is_where_it_is_said_to_lie() -> None:
    gazetteer = Gazetteer(
        {
            "Lebanon": Name("country", (("LB", 1.0),), 2e7),
            "Pennsylvania": Name("subdivision", (("US", 1.0),), 6e6),
            "Perth": Name("city", (("AU", 0.97), ("GB", 0.03)), 2e6),
            "Scotland": Name("country", (("GB", 1.0),), 2e7),
            "Israel": Name("country", (("IL", 1.0),), 2e7),
            "Gaza": Name("subdivision", (("PS", 1.0),), 2e6),
        }
    )
    read = {
        text: [
            mention.toponym.candidates[0][0]
            for mention in survey(plain_sample((text,)), gazetteer).mentions
        ]
        for text in (
            "A fire in Lebanon, Pennsylvania.",
            "A fire in Perth, Scotland.",
            "A fire in Perth and Scotland.",
            "War in Israel, Gaza and beyond.",
        )
    }
    assert list(read.values()) == [["US", "US"], ["GB", "GB"], ["AU", "GB"], ["IL", "PS"]]
