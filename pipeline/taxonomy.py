"""The label sets: IPTC Media Topics, ISO 3166-1 countries and UN M49 regions.

Topics are the seventeen top-level terms of IPTC Media Topics (https://iptc.org/standards/
media-topics/), under the short keys a corpus uses. Country names and the region of each country
come from country_converter (Stadler 2017, doi:10.21105/joss.00332), whose table is read as a
file: its loader needs pandas, and takes Namibia's code ``NA`` for a missing value. Regions are
the twenty-two geographical regions of the UN's "Standard country or area codes for statistical
use" (Series M, No. 49).
"""

from __future__ import annotations

import csv
import importlib.util
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pipeline.errors import MissingArtifactError, UsageError


class TopicEntry(NamedTuple):
    """A term of IPTC Media Topics: the corpus's ``key``, ``medtop:`` and eight digits, a name."""

    key: str
    id: str
    name: str


TOPICS: tuple[TopicEntry, ...] = (
    TopicEntry("arts", "medtop:01000000", "arts, culture, entertainment and media"),
    TopicEntry("crime", "medtop:02000000", "crime, law and justice"),
    TopicEntry("disaster", "medtop:03000000", "disaster, accident and emergency incident"),
    TopicEntry("economy", "medtop:04000000", "economy, business and finance"),
    TopicEntry("education", "medtop:05000000", "education"),
    TopicEntry("environment", "medtop:06000000", "environment"),
    TopicEntry("health", "medtop:07000000", "health"),
    TopicEntry("human_interest", "medtop:08000000", "human interest"),
    TopicEntry("labour", "medtop:09000000", "labour"),
    TopicEntry("lifestyle", "medtop:10000000", "lifestyle and leisure"),
    TopicEntry("politics", "medtop:11000000", "politics and government"),
    TopicEntry("religion", "medtop:12000000", "religion"),
    TopicEntry("science", "medtop:13000000", "science and technology"),
    TopicEntry("society", "medtop:14000000", "society"),
    TopicEntry("sport", "medtop:15000000", "sport"),
    TopicEntry("conflict", "medtop:16000000", "conflict, war and peace"),
    TopicEntry("weather", "medtop:17000000", "weather"),
)

M49_REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "Eastern Africa": "014",
        "Middle Africa": "017",
        "Northern Africa": "015",
        "Southern Africa": "018",
        "Western Africa": "011",
        "Caribbean": "029",
        "Central America": "013",
        "South America": "005",
        "Northern America": "021",
        "Central Asia": "143",
        "Eastern Asia": "030",
        "South-eastern Asia": "035",
        "Southern Asia": "034",
        "Western Asia": "145",
        "Eastern Europe": "151",
        "Northern Europe": "154",
        "Southern Europe": "039",
        "Western Europe": "155",
        "Australia and New Zealand": "053",
        "Melanesia": "054",
        "Micronesia": "057",
        "Polynesia": "061",
    }
)
"""Region name to its three digits, in the order of the standard."""

_CODE = re.compile(r"\^?([A-Z]{2})(?:\$|$)")
_BY_KEY = {entry.key: entry for entry in TOPICS} | {entry.id: entry for entry in TOPICS}


def medtop(key: str) -> TopicEntry:
    """Look a topic up by its key or its ``medtop:`` id.

    Only the top level of the standard is known; a corpus with labels of its own maps them to
    these keys first.

    :raises UsageError: there is no such topic.

    >>> medtop("conflict").id
    'medtop:16000000'
    """
    try:
        return _BY_KEY[key]
    except KeyError:
        known = ", ".join(entry.key for entry in TOPICS)
        raise UsageError(f"unknown topic {key!r}: use one of {known}") from None


class CountryEntry(NamedTuple):
    """A country or area with an ISO 3166-1 alpha-2 code (or ``XK``), as country_converter has it.

    ``region`` is a name of :data:`M49_REGIONS`, or empty (Antarctica).
    """

    code: str
    name: str
    official: str
    region: str


@lru_cache(maxsize=1)
def countries() -> Mapping[str, CountryEntry]:
    """Read every country of today by code, without importing pandas.

    :raises MissingArtifactError: country_converter is not installed.
    """
    spec = importlib.util.find_spec("country_converter")
    if spec is None or spec.origin is None:
        raise MissingArtifactError(
            "country_converter is not installed: run `pip install country_converter`"
        )
    path = Path(spec.origin).with_name("country_data.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    known: dict[str, CountryEntry] = {}
    for row in rows:
        code = _CODE.match(row["ISO2"])  # Britain and Greece have a pattern: "^GB$|^UK$"
        if code and not row["obsolete"]:
            known[code[1]] = CountryEntry(
                code[1], row["name_short"], row["name_official"], row["UNregion"]
            )
    return MappingProxyType(known)


def is_country(code: str) -> bool:
    """Say whether ``code`` is a country of ISO 3166-1 or ``XK``; ``EU`` and ``XX`` are not."""
    return code in countries()


def country_name(code: str) -> str:
    """Return the short English name of a country; ``EU`` is the European Union.

    :raises UsageError: ``code`` is no ISO 3166-1 alpha-2 code, ``XK`` or ``EU``.

    >>> country_name("KR")
    'South Korea'
    """
    if code == "EU":
        return "European Union"
    try:
        return countries()[code].name
    except KeyError:
        raise UsageError(
            f"unknown country {code!r}: use an ISO 3166-1 alpha-2 code such as 'JP'"
        ) from None


def region_of(code: str) -> tuple[str, str] | None:
    """Return the M49 code and name of a country's region; None where it has none.

    Taiwan, which M49 leaves out, is in Eastern Asia and Kosovo in Southern Europe, as
    country_converter has them.

    >>> region_of("MM")
    ('035', 'South-eastern Asia')
    """
    entry = countries().get(code)
    number = M49_REGIONS.get(entry.region) if entry else None
    return (number, entry.region) if entry and number else None
