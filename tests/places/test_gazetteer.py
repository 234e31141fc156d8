from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.places.gazetteer import Gazetteer, common_words, compile_names
from pipeline.places.records import Name
from pipeline.places.sources import Entry, table_names
from pipeline.taxonomy import is_country

PIECES = st.sampled_from(
    ["South Korea", "Korea", "US", "us", "Côte d’Ivoire", "TOKYO", "é", "🙂", " ", ".", "n", "\n"]
)


def found(gazetteer: Gazetteer, text: str) -> list[tuple[str, str]]:
    return [(text[t.start : t.end], t.candidates[0][0]) for t in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S. and South Korean troops", [("U.S.", "US"), ("South Korean", "KR")]),
        ("They told us. The US said", [("US", "US")]),
        ("Côte d’Ivoire won", [("Côte d’Ivoire", "CI")]),
        ("NEW YORK (Wire)", [("NEW YORK", "US")]),
        ("a court in London", [("London", "GB")]),
        ("Taiwan’s navy", [("Taiwan", "TW")]),
        ("Hong Kong and San Juan, Puerto Rico", [("Hong Kong", "HK")]),
        ("the Latin American press", []),
        ("a Nice day for Reading", []),
        ("Burma and the USSR", [("Burma", "MM"), ("USSR", "RU")]),
        ("Chad, Jordan and Turkey", [("Chad", "TD"), ("Jordan", "JO"), ("Turkey", "TR")]),
        ("Londonderry", [("Londonderry", "GB")]),
        ("Japanesque, unJapan", []),
    ],
)
def test_names_in_text(gazetteer: Gazetteer, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(gazetteer, text)[: len(expected)] == expected
    assert bool(found(gazetteer, text)) == bool(expected)


def test_ambiguous_name_keeps_its_readings(gazetteer: Gazetteer) -> None:
    (georgia,) = gazetteer.find("Georgia")
    assert {country for country, _ in georgia.candidates} == {"GE", "US"}


def test_longest_name_wins(gazetteer: Gazetteer) -> None:
    assert found(gazetteer, "Papua New Guinea and Guinea-Bissau") == [
        ("Papua New Guinea", "PG"),
        ("Guinea-Bissau", "GW"),
    ]


def test_every_name_means_countries_with_weights_that_sum_to_one(gazetteer: Gazetteer) -> None:
    for name, meaning in gazetteer.names.items():
        assert all(is_country(country) for country, _ in meaning.candidates), name
        if meaning.kind != "none":
            assert sum(weight for _, weight in meaning.candidates) == pytest.approx(1, abs=1e-3)


def test_table_is_well_formed() -> None:
    entries = list(table_names())
    assert all(entry.name.strip() == entry.name != "" for entry in entries)
    assert all(is_country(e.country) for e in entries if e.kind != "none")
    assert {e.country for e in entries if e.kind == "demonym"} >= {"TW", "NA", "GB", "XK"}


def test_common_words_are_no_cities() -> None:
    entries = [Entry("Nice", "city", "FR", 3e5), Entry("Lyon", "city", "FR", 5e5)]
    common = common_words(["A nice day in Lyon."])
    assert "nice" in common and "lyon" not in common
    assert list(compile_names(common, entries)) == ["Lyon"]


def test_compiling_is_quick() -> None:
    names = {f"Place{number}": Name("city", (("FR", 1.0),)) for number in range(40_000)}
    start = time.perf_counter()
    Gazetteer(names).find("Place7")
    assert time.perf_counter() - start < 2


@given(st.lists(PIECES, max_size=12).map("".join))
def test_toponyms_are_in_order_and_apart(text: str) -> None:
    table = {"South Korea": "KR", "Korea": "KR", "US": "US", "Cote d'Ivoire": "CI", "Tokyo": "JP"}
    names = {name: Name("country", ((code, 1.0),)) for name, code in table.items()}
    last = 0
    for toponym in Gazetteer(names).find(text):
        assert last <= toponym.start < toponym.end <= len(text)
        before, after = text[: toponym.start], text[toponym.end :]
        assert not before[-1:].isalnum() and not after[:1].isalnum()
        last = toponym.end


def test_empty_gazetteer_finds_nothing() -> None:
    assert Gazetteer({}).find("Japan") == []
