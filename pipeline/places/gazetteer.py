"""Toponyms in text: a gazetteer compiled once, and a matcher over it.

The gazetteer is compiled from libraries at training time (:func:`compile_names`) and kept in the
bundle, so that serving neither reads the libraries nor drifts when they change. Matching is
exact, case-sensitive, at word boundaries, leftmost-longest, with one automaton (Aho and Corasick
1975). It does not decide what an ambiguous name means: "Georgia" comes with both readings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pipeline.places.folding import fold, uncapitalise
from pipeline.places.records import Kind, Name, Toponym
from pipeline.places.sources import Entry, entries

STRENGTH: dict[Kind, int] = {
    "none": 8,
    "country": 7,
    "demonym": 6,
    "subdivision": 5,
    "institution": 4,
    "person": 3,
    "city": 2,
    "currency": 1,
    "learned": 0,
}
LEAST_SHARE = 0.02  # of the likeliest reading's mass; a reading with less is dropped
_LOWER = re.compile(r"(?<![\w'-])[a-z]{3,}(?![\w'])")


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Collect the words that ``texts`` write in small letters: no city is taken for one of them.

    "Nice", "Reading" and "Of" are cities too.
    """
    found: set[str] = set()
    for text in texts:
        found.update(_LOWER.findall(text))
    return frozenset(found)


def compile_names(
    common: Collection[str] = (), found: Iterable[Entry] | None = None
) -> dict[str, Name]:
    """Compile names to their readings, sorted by name, spelling folded.

    :param common: lower-case words that no city or subdivision may be.
    :param found: entries to use in place of the libraries'.
    """
    masses: dict[str, dict[str, float]] = defaultdict(dict)
    kinds: dict[str, Kind] = {}
    for entry in entries() if found is None else found:
        name = fold(entry.name)
        if not entry.mass:
            continue
        if entry.kind in {"city", "subdivision"} and name.lower() in common:
            continue
        if STRENGTH[entry.kind] > STRENGTH.get(kinds.get(name, "learned"), -1):
            kinds[name] = entry.kind
        kinds.setdefault(name, entry.kind)
        readings = masses[name]
        readings[entry.country] = max(readings.get(entry.country, 0.0), entry.mass)
    return {name: _name(kinds[name], masses[name]) for name in sorted(masses)}


def _name(kind: Kind, masses: Mapping[str, float]) -> Name:
    if kind == "none":
        return Name("none", ())
    ordered = sorted(masses.items(), key=lambda item: (-item[1], item[0]))
    least = LEAST_SHARE * ordered[0][1]
    ordered = [(country, mass) for country, mass in ordered if mass >= least] or ordered[:1]
    total = sum(mass for _, mass in ordered) or 1.0
    readings = tuple((country, round(mass / total, 4)) for country, mass in ordered)
    return Name(kind, readings, round(ordered[0][1]))


class Gazetteer:
    """Finds the names of a table in text. The automaton is built when first used."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self.names = names
        self._automaton: Any = None

    def find(self, text: str) -> list[Toponym]:
        """Find every name in ``text``, in order, none inside another.

        >>> names = {"Georgia": Name("country", (("GE", 0.9), ("US", 0.1)))}
        >>> [(t.start, t.candidates[0][0]) for t in Gazetteer(names).find("In Georgia.")]
        [(3, 'GE')]
        """
        folded = fold(text)
        matches = self._matches(folded)
        plain = uncapitalise(folded)
        if plain != folded:
            matches += self._matches(plain)
        matches.sort(key=lambda match: (match[0], -match[1]))
        toponyms: list[Toponym] = []
        last = 0
        for start, end, name in matches:
            if start < last:
                continue
            last = end
            if name.kind != "none":
                toponyms.append(Toponym(start, end, name.kind, name.candidates, name.mass))
        return toponyms

    def _matches(self, text: str) -> list[tuple[int, int, Name]]:
        if not self.names:
            return []
        if self._automaton is None:
            self._automaton = _automaton(self.names)
        matches: list[tuple[int, int, Name]] = []
        size = len(text)
        for last, (length, name) in self._automaton.iter(text):
            start, end = last - length + 1, last + 1
            if start and text[start - 1].isalnum() and text[start].isalnum():
                continue
            if end < size and text[end].isalnum() and text[last].isalnum():
                continue
            matches.append((start, end, name))
        return matches


def _automaton(names: Mapping[str, Name]) -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for name, meaning in names.items():
        automaton.add_word(name, (len(name), meaning))
    automaton.make_automaton()
    return automaton
