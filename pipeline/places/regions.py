"""Regions from countries."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Country, Region
from pipeline.taxonomy import region_of


def roll_up(countries: Sequence[Country]) -> tuple[Region, ...]:
    """Roll named countries up to their M49 regions, best first.

    A region's score is the probability that at least one of its countries is in focus, were they
    independent: ``1 - prod(1 - p)``. Equal scores keep the order of the countries.

    >>> [r.name for r in roll_up([Country("JP", "Japan", 0.9), Country("FR", "France", 0.6)])]
    ['Eastern Asia', 'Western Europe']
    """
    missing: dict[tuple[str, str], float] = {}
    for country in countries:
        region = region_of(country.code)
        if region is not None:
            missing[region] = missing.get(region, 1.0) * (1.0 - country.score)
    regions = [
        Region(code, name, round(1.0 - remaining, 6)) for (code, name), remaining in missing.items()
    ]
    return tuple(sorted(regions, key=lambda region: -region.score))
