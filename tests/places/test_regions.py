from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.places.regions import roll_up
from pipeline.records import Country
from pipeline.taxonomy import countries, region_of

CODES = st.lists(
    st.tuples(st.sampled_from(sorted(countries())), st.floats(0, 1)),
    max_size=6,
    unique_by=lambda pair: pair[0],
)


def test_countries_of_a_region_add_up() -> None:
    regions = roll_up(
        [Country("FR", "", 0.7), Country("TW", "", 0.5), Country("JP", "", 0.6)],
    )
    assert [(r.code, r.score) for r in regions] == [("030", 0.8), ("155", 0.7)]


@given(CODES)
def test_regions_are_consistent_with_countries(pairs: list[tuple[str, float]]) -> None:
    named = [Country(code, "", round(score, 6)) for code, score in pairs]
    regions = roll_up(named)
    expected = {region_of(code) for code, _ in pairs} - {None}
    assert {(region.code, region.name) for region in regions} == expected
    scores = [region.score for region in regions]
    assert scores == sorted(scores, reverse=True)
    for country in named:
        for region in regions:
            if region_of(country.code) == (region.code, region.name):
                assert region.score >= country.score - 1e-6
