"""The figures of one kind of story beside those of another: by source, length, form and place.

A row holds the stories of one group, with the share whose main topic is right and the micro-F1 of
their countries, both with intervals. Groups of gold, never of what was predicted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np

from pipeline.evaluate import classification as labels
from pipeline.evaluate.classification import Labels
from pipeline.evaluate.counts import Counts
from pipeline.evaluate.end_to_end import GoldLabels
from pipeline.evaluate.intervals import Interval, f1_interval, mean_interval
from pipeline.params import EvaluateParams
from pipeline.reading import Sample
from pipeline.taxonomy import region_of

Row = dict[str, Any]
Breakdown = dict[str, list[Row]]

BANDS = (30, 50, 100, 200)  # words at which a band of lengths begins
MOST = 24  # groups of one breakdown; smaller ones are put together as the rest
REST = "all others"
NONE = "none"
CONTINENTS = {  # M49 sub-regions, which the standard groups so
    "Africa": ("014", "017", "015", "018", "011"),
    "Americas": ("029", "013", "005", "021"),
    "Asia": ("143", "030", "035", "034", "145"),
    "Europe": ("151", "154", "039", "155"),
    "Oceania": ("053", "054", "057", "061"),
}
_CONTINENT = {code: name for name, codes in CONTINENTS.items() for code in codes}


class Named(Protocol):
    """What was said of a story: labels best first."""

    @property
    def topics(self) -> Labels:
        """Keys of topics."""

    @property
    def countries(self) -> Labels:
        """ISO 3166-1 codes."""


class Traits(NamedTuple):
    """What is known of a story beside its labels."""

    source: str
    words: int
    headline: bool
    form: str = ""


def traits(name: str, sample: Sample, form: str = "") -> Traits:
    """Describe a story by the prefix of its id, its words as they are read, and its headline."""
    words = len(sample.readable().split())
    return Traits(source_of(name), words, sample.first("headline") is not None, form)


def source_of(name: str) -> str:
    """Take the prefix of an id, up to its first hyphen.

    >>> source_of("guardian-2012-x"), source_of("17")
    ('guardian', 'none')
    """
    prefix, hyphen, _ = name.partition("-")
    return prefix if hyphen else NONE


def length_band(words: int) -> str:
    """Name the band that a number of words falls in.

    >>> length_band(29), length_band(30), length_band(5000)
    ('under 30', '30 to 49', '200 or more')
    """
    if words < BANDS[0]:
        return f"under {BANDS[0]}"
    for low, high in pairwise(BANDS):
        if words < high:
            return f"{low} to {high - 1}"
    return f"{BANDS[-1]} or more"


def place_of(countries: Labels) -> tuple[str, str]:
    """Name the M49 region and sub-region of the main country; ``none`` where there is none.

    >>> place_of(("KR", "FR"))
    ('Asia', 'Eastern Asia')
    """
    region = region_of(countries[0]) if countries else None
    return (_CONTINENT[region[0]], region[1]) if region else (NONE, NONE)


def groupings(every: Sequence[Traits], truths: Sequence[GoldLabels]) -> dict[str, list[str]]:
    """Name the group of each story in every breakdown; ``form`` only where a story has one."""
    places = [place_of(truth.countries.labels) for truth in truths]
    named = {
        "source": [each.source for each in every],
        "length": [length_band(each.words) for each in every],
        "form": [each.form for each in every],
        "headline": ["with" if each.headline else "without" for each in every],
        "region": [region for region, _ in places],
        "subregion": [subregion for _, subregion in places],
    }
    return {name: groups for name, groups in named.items() if any(groups)}


def breakdown(
    grouped: Mapping[str, Sequence[str]],
    truths: Sequence[GoldLabels],
    named: Sequence[Named],
    params: EvaluateParams,
    clusters: Sequence[str] | None = None,
) -> Breakdown:
    """Measure ``n`` stories group by group, a list of rows for each breakdown.

    :param grouped: for each breakdown the group of every story, ``n`` names.
    :param clusters: the article each story is a printing of, where some share one.
    """
    return {
        by: [
            {"group": group, **_figures(rows, truths, named, params, clusters)}
            for group, rows in members(groups, in_order=by == "length")
        ]
        for by, groups in grouped.items()
    }


def members(groups: Sequence[str], *, in_order: bool = False) -> list[tuple[str, list[int]]]:
    """List the indices of each group, the largest first; beyond ``MOST`` the rest are one.

    :param in_order: bands of length from the shortest on instead.
    """
    sizes = Counter(groups)
    kept = sorted(sizes, key=lambda name: (-sizes[name], name))
    if len(kept) > MOST:
        kept = kept[: MOST - 1]
    if in_order:
        bands = [length_band(words) for words in (0, *BANDS)]
        kept.sort(key=bands.index)
    known = set(kept)
    found = [(name, [i for i, own in enumerate(groups) if own == name]) for name in kept]
    rest = [i for i, own in enumerate(groups) if own not in known]
    return [*found, (REST, rest)] if rest else found


def _figures(
    rows: Sequence[int],
    truths: Sequence[GoldLabels],
    named: Sequence[Named],
    params: EvaluateParams,
    clusters: Sequence[str] | None,
) -> Row:
    """Measure some stories; where gold has no topic, or no country, that figure is ``None``."""

    def drawn_with(own: Sequence[int]) -> list[str] | None:
        return None if clusters is None else [clusters[i] for i in own]

    def rng() -> np.random.Generator:
        return np.random.default_rng(params.seed)

    judged = [i for i in rows if truths[i].topics.accepted]
    right = labels.main_right([truths[i].topics for i in judged], [named[i].topics for i in judged])
    counts = labels.set_counts(
        [truths[i].countries for i in rows], [named[i].countries for i in rows]
    )
    summed = Counts(*(int(count) for count in counts.sum(axis=0)))
    expected = summed.right + summed.missed
    sure = mean_interval(right, params.bootstrap, rng(), clusters=drawn_with(judged))
    bounds = f1_interval(counts, params.bootstrap, rng(), clusters=drawn_with(rows))
    return {
        "stories": len(rows),
        **_bounded("topic_accuracy", float(right.mean()) if judged else None, sure),
        "countries": expected,
        **_bounded("country_f1", summed.f1 if expected else None, bounds),
    }


def _bounded(name: str, value: float | None, interval: Interval) -> Row:
    low, high = (None, None) if value is None else interval
    return {name: value, f"{name}_low": low, f"{name}_high": high}
