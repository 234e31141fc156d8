from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.labelled import TOPONYMS, _annotated
from benchmarks.toponyms import focus, nearest_country, toponym_country

SHARED = Path(__file__).parents[3] / "shared"


@pytest.mark.parametrize(
    ("toponym", "country"),
    [
        ({"phrase": "Paris", "country": "United States", "lat": "33.66", "lon": "-95.55"}, "US"),
        ({"phrase": "Prague", "country": "Czech Republic"}, "CZ"),
        ({"phrase": "Rapids Street", "country": ""}, None),
        ({"phrase": "Europe", "country": None, "lat": "48.69", "lon": "9.14"}, None),
        ({"extractedName": "Turkish", "geonamesID": "298795", "latitude": "39.0"}, "TR"),
        ({"extractedName": "Stonewall", "latitude": "38.785", "longitude": "-77.6"}, "US"),
        ({"extractedName": "Africa", "latitude": "7.1881", "longitude": "21.09"}, None),
        ({"extractedName": "citizens", "geonamesID": ""}, None),
        ({"phrase": "Zaïre", "page": "https://en.wikipedia.org/wiki/Zambia", "lat": "0"}, "ZM"),
        ({"phrase": "Pandi", "page": "x/wiki/Pandi,_Bulacan", "lat": "14.87", "lon": "121"}, "PH"),
    ],
)
def test_a_toponym_lies_in_a_country(toponym: dict[str, Any], country: str | None) -> None:
    assert toponym_country(toponym) == country


def test_the_nearest_city_tells_the_country_but_in_the_middle_of_an_ocean() -> None:
    places = [(47.56, 7.59), (48.58, 7.75), (-45.0, -125.0)]  # Basel, Strasbourg, the Pacific
    assert nearest_country(places) == ["CH", "FR", None]


@given(st.lists(st.sampled_from(["US", "FR", "PE", "XX", None])))
def test_focus_holds_at_least_half_of_the_most(countries: list[str | None]) -> None:
    kept, main = focus(countries)
    counts = {code: countries.count(code) for code in ("US", "FR", "PE")}
    most = max(counts.values())
    assert set(kept) == {code for code, n in counts.items() if n and n >= most / 2}
    assert set(main) == {code for code, n in counts.items() if n and n == most}
    assert set(kept[: len(main)]) == set(main)


def test_a_title_is_read_once_and_stories_without_a_country_are_left_out() -> None:
    row = {"title": "Rain", "text": "Rain\nin  Lima", "toponyms": [{"country": "Peru"}]}
    (item,) = _annotated([row, {**row, "toponyms": []}])
    assert (item.whole, item.labels, item.main) == ("Rain\nin Lima", ("PE",), ("PE",))


@pytest.mark.shared
@pytest.mark.parametrize("name", TOPONYMS)
def test_annotated_sets_are_read(name: str) -> None:
    path = SHARED / f"data/geo_{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    items = list(_annotated(found))
    assert len(items) >= len(found) - 1
    assert all(set(item.main) <= set(item.labels) for item in items)
