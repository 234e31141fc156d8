"""The nouns of the gazetteer: a toponym and what it may stand for."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal[
    "country",
    "demonym",
    "subdivision",
    "city",
    "institution",
    "person",
    "currency",
    "learned",
    "none",
]


class Name(Struct, frozen=True, array_like=True, gc=False):
    """What a name may stand for: countries with weights that sum to 1, the likeliest first.

    ``mass`` is the number of people behind the likeliest reading, on the scale of a city's
    population. A name of kind ``none`` stands for no country: it is there so that a shorter
    name inside it ("American" in "Latin American") is not found.
    """

    kind: Kind
    candidates: tuple[tuple[str, float], ...]
    mass: float = 0.0


class Toponym(Struct, frozen=True, array_like=True, gc=False):
    """A name found in a text: code-point offsets, end exclusive."""

    start: int
    end: int
    kind: Kind
    candidates: tuple[tuple[str, float], ...]
    mass: float = 0.0
