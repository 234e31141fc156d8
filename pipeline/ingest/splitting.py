"""Test part and folds, by group, stratified by main topic as well as groups allow.

Within a topic the groups are ordered by a seeded hash of their name, never by their place in the
file: the same articles in another order are split the same way.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from pipeline.records import Article


class Group(Struct, frozen=True):
    """Articles that stay together: their smallest id, its main topic, and how many they are."""

    name: str
    topic: str
    size: int


def draw(seed: int, name: str) -> bytes:
    """Return a number for a name that looks random and is always the same."""
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()


def by_group(articles: Sequence[Article], groups: Mapping[str, str]) -> list[Group]:
    """Gather the groups; an article's group is named by one of its members."""
    topic = {article.id: article.topics[0] for article in articles}
    sizes = Counter(groups[article.id] for article in articles)
    return [Group(name, topic[name], size) for name, size in sorted(sizes.items())]


def held_out(groups: Sequence[Group], fraction: float, seed: int) -> frozenset[str]:
    """Choose the groups of the test part: ``fraction`` of the articles of every topic.

    What a topic takes too little or too much is carried to the next one, so that many small
    topics still give the right whole.
    """
    chosen: set[str] = set()
    owed = 0.0
    for stratum in _strata(groups).values():
        owed += fraction * sum(group.size for group in stratum)
        for group in sorted(stratum, key=lambda group: draw(seed, group.name)):
            if owed >= group.size / 2:
                chosen.add(group.name)
                owed -= group.size
            if owed < 0.5:
                break
    return frozenset(chosen)


def fold_of(groups: Sequence[Group], folds: int, seed: int) -> dict[str, int]:
    """Deal the groups to folds, the largest first, each to the fold that lacks its topic most."""
    total = [0] * folds
    dealt: dict[str, int] = {}
    for stratum in _strata(groups).values():
        within = [0] * folds
        for group in sorted(stratum, key=lambda g: (-g.size, draw(seed, f"fold:{g.name}"))):
            fold = min(range(folds), key=lambda f: (within[f], total[f], f))
            within[fold] += group.size
            total[fold] += group.size
            dealt[group.name] = fold
    return dealt


def _strata(groups: Sequence[Group]) -> dict[str, list[Group]]:
    strata: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        strata[group.topic].append(group)
    return dict(sorted(strata.items()))
