"""From raw page to labelled story: what a reader of ``classify`` gets, gold story by gold story.

A gold story that no predicted one stands for is wrong in every respect: its topic is missed and
so are all its countries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.evaluate.classification import Labels, Truth
from pipeline.evaluate.matching import Extent, match_stories


class Labelled(NamedTuple):
    """A predicted story of a page with its named topics, countries and regions, best first."""

    start: int
    end: int
    topics: Labels
    countries: Labels
    regions: Labels


class Outcome(NamedTuple):
    """What became of one gold story: what is said of it, and nothing where it was not found."""

    found: bool
    topics: Labels = ()
    countries: Labels = ()
    regions: Labels = ()


class GoldLabels(NamedTuple):
    """What one gold story should be labelled, in each of the three label spaces."""

    topics: Truth
    countries: Truth
    regions: Truth


def outcomes(gold: Sequence[Extent], predicted: Sequence[Labelled]) -> list[Outcome]:
    """Follow each gold story of a page to the predicted one that stands for it."""
    found: list[Outcome] = []
    for index in match_stories(gold, predicted):
        if index is None:
            found.append(Outcome(False))
        else:
            story = predicted[index]
            found.append(Outcome(True, story.topics, story.countries, story.regions))
    return found
