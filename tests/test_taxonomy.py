from __future__ import annotations

import subprocess
import sys

import pycountry
import pytest

from pipeline.errors import UsageError
from pipeline.taxonomy import (
    M49_REGIONS,
    TOPICS,
    countries,
    country_name,
    is_country,
    medtop,
    region_of,
)


def test_topics_are_the_seventeen_of_the_standard() -> None:
    assert [entry.id for entry in TOPICS] == [f"medtop:{i:02d}000000" for i in range(1, 18)]
    assert len({entry.key for entry in TOPICS}) == 17


def test_medtop_takes_key_or_id() -> None:
    assert medtop("arts").name == "arts, culture, entertainment and media"
    assert medtop("medtop:16000000") is medtop("conflict")


def test_unknown_topic_names_the_known() -> None:
    with pytest.raises(UsageError, match=r"'arms'.*arts, crime"):
        medtop("arms")


def test_every_iso_country_is_there() -> None:
    assert {country.alpha_2 for country in pycountry.countries} <= set(countries())


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("NA", "Namibia"),
        ("GB", "United Kingdom"),
        ("GR", "Greece"),
        ("KR", "South Korea"),
        ("XK", "Kosovo"),
        ("EU", "European Union"),
    ],
)
def test_country_names(code: str, name: str) -> None:
    assert country_name(code) == name


def test_codes_that_are_no_country() -> None:
    assert not is_country("EU")
    assert not is_country("SU")
    with pytest.raises(UsageError, match="'XX'"):
        country_name("XX")


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("TW", ("030", "Eastern Asia")),
        ("XK", ("039", "Southern Europe")),
        ("NA", ("018", "Southern Africa")),
        ("US", ("021", "Northern America")),
        ("PS", ("145", "Western Asia")),
    ],
)
def test_regions(code: str, region: tuple[str, str]) -> None:
    assert region_of(code) == region


def test_regions_are_all_known() -> None:
    without = {code for code in countries() if region_of(code) is None}
    assert without == {"AQ"}
    assert {entry.region for entry in countries().values()} - {"Antarctica"} == set(M49_REGIONS)
    assert region_of("XX") is None


def test_pandas_stays_out() -> None:
    code = (
        "import sys, pipeline.taxonomy as t; assert not t.countries.cache_info().currsize;"
        "t.region_of('JP'); assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
