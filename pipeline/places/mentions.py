"""The mentions of a story: its toponyms with what surrounds them, and what each may mean here.

Toponyms are read in headline, dateline, kicker, sub-heads, caption and body; byline and credit
say who wrote and photographed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from pipeline.places.gazetteer import Gazetteer
from pipeline.places.records import Toponym
from pipeline.reading import Sample
from pipeline.records import Role

SEARCHED: frozenset[Role] = frozenset(
    {"headline", "kicker", "dateline", "caption", "subhead", "body"}
)
DOUBT = 0.02  # added to the context's probabilities, which rule no reading out
SUPPORT = 4.0  # how much a reading gains where the story names its country outright


class Mention(NamedTuple):
    """A toponym where it stands: its part's role and its distance from the start of the body."""

    toponym: Toponym
    role: Role
    offset: int
    loose: bool  # a city beside another capitalised word: perhaps somebody's name
    located: bool  # after "in", "at", "near", "from"


class Scene(NamedTuple):
    """The mentions of one story, the characters of its body, and whether it has a headline."""

    mentions: tuple[Mention, ...]
    size: int
    titled: bool


def survey(sample: Sample, *gazetteers: Gazetteer) -> Scene:
    """Find the toponyms of a story; a later gazetteer fills what the earlier ones leave."""
    mentions: list[Mention] = []
    size = 0
    parts = sample.spans(*SEARCHED)
    spans = [(part.start, part.end, part.role) for part in parts]
    if not spans:
        spans = [(sample.story.start, sample.story.end, "body")]
    spans = _part_dateline(sample.text, spans)
    for start, end, role in spans:
        text = sample.text[start:end]
        taken: list[Toponym] = []
        for gazetteer in gazetteers:
            taken = _filled(taken, gazetteer.find(text))
        for toponym in within(text, taken):
            moved = Toponym(
                start + toponym.start,
                start + toponym.end,
                toponym.kind,
                toponym.candidates,
                toponym.mass,
            )
            mentions.append(
                Mention(
                    moved,
                    role,
                    size + toponym.start if role == "body" else 0,
                    _loose(text, toponym),
                    _located(text, toponym),
                )
            )
        if role == "body":
            size += end - start
    titled = any(role == "headline" for _, _, role in spans)
    return Scene(tuple(mentions), max(size, 1), titled)


STATES = frozenset({"US", "CA", "AU"})  # where news writes a town with its state behind it


def within(text: str, toponyms: Sequence[Toponym]) -> list[Toponym]:
    """Read a place by what it is said to lie in: "Lebanon, Pennsylvania", "Perth, Scotland".

    A name before a comma and a state is a town there, known or not; a city before a comma and a
    country lies in that country if one of the name does.
    """
    read = list(toponyms)
    for i, (place, around) in enumerate(pairwise(toponyms)):
        country = around.candidates[0][0]
        if text[place.end : around.start] == ", " and (
            (around.kind == "subdivision" and country in STATES)
            or (
                place.kind == "city"
                and around.kind == "country"
                and country in dict(place.candidates)
            )
        ):
            read[i] = msgspec.structs.replace(place, kind="city", candidates=((country, 1.0),))
    return read


_DATELINE = re.compile(
    r"\W*[A-Z][\w.']+(?:[ ,/]+[\w.']+){0,6}"  # a place, perhaps with its state and the day
    r"(?: ?\([A-Za-z ]{2,20}\) ?[-–—:]*| -+ | ?[–—] ?| ?--? )"  # the agency, or a dash
)


def _part_dateline(text: str, spans: list[tuple[int, int, Role]]) -> list[tuple[int, int, Role]]:
    """Cut a dateline that the first body span still opens with, unless one is known."""
    for index, (start, end, role) in enumerate(spans):
        if role == "dateline":
            break
        if role == "body":
            match = _DATELINE.match(text, start, min(end, start + 80))
            if match and text[start : match.end()][:4].isupper():
                cut = match.end()
                return [
                    *spans[:index],
                    (start, cut, "dateline"),
                    (cut, end, "body"),
                    *spans[index + 1 :],
                ]
            break
    return spans


def _filled(taken: list[Toponym], found: list[Toponym]) -> list[Toponym]:
    """Add what overlaps nothing; as both are in order and free of overlaps, neighbours tell."""
    starts = [toponym.start for toponym in taken]
    free = []
    for toponym in found:
        after = bisect_left(starts, toponym.end)
        if after == 0 or taken[after - 1].end <= toponym.start:
            free.append(toponym)
    return sorted([*taken, *free], key=lambda toponym: toponym.start)


def _loose(text: str, toponym: Toponym) -> bool:
    if toponym.kind not in {"city", "subdivision", "country", "learned"}:
        return False
    before = text[max(toponym.start - 40, 0) : toponym.start].split(" ")
    after = text[toponym.end : toponym.end + 2]
    beside = len(before) > 1 and before[-1] == "" and before[-2][:1].isupper()
    starts = beside and (len(before) == 2 or before[-3][-1:] in {"", ".", '"', "”"})
    ends = beside and before[-2][-1:] in ",.:;)”\"'"
    return (beside and not starts and not ends) or (after[:1] == " " and after[1:].isupper())


_PLACING = ("in", "at", "near", "from", "outside", "across", "to", "of", "around", "In", "At")


def _located(text: str, toponym: Toponym) -> bool:
    words = text[max(toponym.start - 20, 0) : toponym.start].split()
    if words and words[-1] == "the":
        words.pop()
    return bool(words) and words[-1] in _PLACING


def weigh(
    mentions: Sequence[Mention], context: Mapping[str, float]
) -> list[list[tuple[str, float]]]:
    """Weigh the readings of each mention by the other mentions and by the story's context.

    :return: for each mention its countries with weights that sum to 1.
    """
    support: dict[str, float] = {}
    for mention in mentions:
        for country, weight in mention.toponym.candidates:
            if weight > 0.95 and mention.toponym.kind != "city":
                support[country] = SUPPORT
            elif weight > 0.95:
                support.setdefault(country, SUPPORT / 2)
    weighed = []
    for mention in mentions:
        raw = [
            (c, w * (1.0 + support.get(c, 0.0)) * (DOUBT + context.get(c, 0.0)))
            for c, w in mention.toponym.candidates
        ]
        total = sum(weight for _, weight in raw)
        weighed.append([(country, weight / total) for country, weight in raw])
    return weighed
