"""What speaks for each candidate country of a story: one row of numbers a candidate.

Frequency, position, headline and first sentence are the signals that focus resolution has used
since Web-a-Where (Amitay et al. 2004) and CLIFF (D'Ignazio et al. 2014).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import get_args

import numpy as np
import numpy.typing as npt

from pipeline.places.mentions import Mention, Scene, weigh
from pipeline.places.records import Kind
from pipeline.records import Span

KINDS: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "none")
LEAD = 160  # characters of body that count as the story's first sentence
GUESSES = 1  # countries that the context suggests, named in the story or not

Matrix = npt.NDArray[np.float64]


class Tally:
    """The mentions of one candidate, added up."""

    def __init__(self) -> None:
        self.weight = 0.0
        self.kinds = dict.fromkeys(KINDS, 0.0)
        self.roles: dict[str, float] = {}
        self.lead = 0.0
        self.first = math.inf
        self.order = math.inf
        self.quarters: set[int] = set()
        self.best = 0.0
        self.loose = 0.0
        self.located = 0.0
        self.mass = 0.0
        self.names: set[tuple[Kind, int]] = set()
        self.spans: list[tuple[float, Span]] = []

    def add(self, mention: Mention, weight: float, order: int, size: int) -> None:
        """Count one mention that means this candidate with ``weight``."""
        toponym = mention.toponym
        self.weight += weight
        self.kinds[toponym.kind] += weight
        self.roles[mention.role] = max(self.roles.get(mention.role, 0.0), weight)
        self.best = max(self.best, weight)
        self.loose += weight * mention.loose
        self.located += weight * mention.located
        self.mass = max(self.mass, weight * math.log10(1.0 + toponym.mass))
        self.order = min(self.order, order)
        if mention.role == "body":
            self.first = min(self.first, mention.offset)
            self.quarters.add(4 * mention.offset // size)
            if mention.offset < LEAD:
                self.lead += weight
        elif mention.role == "headline":
            self.first = min(self.first, 0)
        self.spans.append((weight, Span(toponym.start, toponym.end)))


def tally(scene: Scene, context: Mapping[str, float], guesses: int = GUESSES) -> dict[str, Tally]:
    """Add the mentions up by country, in order of first appearance, then the context's guesses."""
    tallies: dict[str, Tally] = {}
    for mention, readings in zip(scene.mentions, weigh(scene.mentions, context), strict=True):
        for country, weight in readings:
            known = tallies.get(country)
            if known is None:
                known = tallies[country] = Tally()
            known.add(mention, weight, len(tallies), scene.size)
    for country in sorted(context, key=lambda c: (-context[c], c))[:guesses]:
        tallies.setdefault(country, Tally())
    return tallies


FEATURES: tuple[str, ...] = (
    "weight",
    "share",
    "rank",
    "gap",
    "top",
    *(f"kind_{kind}" for kind in KINDS),
    "headline",
    "kicker",
    "dateline",
    "caption",
    "lead",
    "first",
    "order",
    "first_relative",
    "quarters",
    "best",
    "loose",
    "located",
    "mass",
    "only_dateline",
    "headline_share",
    "lead_share",
    "headline_empty",
    "candidates",
    "size",
    "titled",
    "context",
    "context_rank",
    "prior",
)


def feature_rows(
    scene: Scene,
    tallies: Mapping[str, Tally],
    context: Mapping[str, float],
    prior: Mapping[str, float],
) -> Matrix:
    """Describe each candidate of one story.

    :param context: probability of each country from the story's vector.
    :param prior: share of each country in the training corpus.
    :return: shape ``(len(tallies), len(FEATURES))``, rows in the order of ``tallies``.
    """
    ranked = sorted(tallies, key=lambda c: (-tallies[c].weight, tallies[c].order))
    total = sum(t.weight for t in tallies.values()) or 1.0
    heads = sum(t.roles.get("headline", 0.0) for t in tallies.values())
    leads = sum(t.lead for t in tallies.values())
    top = tallies[ranked[0]].weight if ranked else 0.0
    believed = sorted(context, key=lambda c: -context[c])[:10]
    rows = []
    for country, t in tallies.items():
        others = [tallies[c].weight for c in ranked[:2] if c != country]
        head = t.roles.get("headline", 0.0)
        rows.append(
            [
                math.log1p(t.weight),
                t.weight / total,
                math.log1p(ranked.index(country)),
                math.log1p(t.weight) - math.log1p(max(others, default=0.0)),
                t.weight / top if top else 0.0,
                *(math.log1p(t.kinds[kind]) for kind in KINDS),
                head,
                t.roles.get("kicker", 0.0),
                t.roles.get("dateline", 0.0),
                t.roles.get("caption", 0.0),
                math.log1p(t.lead),
                math.log1p(min(t.first, 5000.0)),
                math.log1p(min(t.order, 50.0)),
                min(t.first / scene.size, 1.0),
                len(t.quarters) / 4,
                t.best,
                t.loose / t.weight if t.weight else 0.0,
                math.log1p(t.located),
                t.mass,
                float(set(t.roles) == {"dateline"}),
                head / heads if heads else 0.0,
                t.lead / leads if leads else 0.0,
                float(heads == 0),
                math.log(len(tallies)),
                math.log(scene.size),
                float(scene.titled),
                math.log(max(context.get(country, 0.0), 1e-4)),
                float(believed.index(country) if country in believed else 10),
                math.log(max(prior.get(country, 0.0), 1e-4)),
            ]
        )
    return np.asarray(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))
