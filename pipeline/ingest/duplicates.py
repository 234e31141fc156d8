"""Exact and near duplicates: which articles are one, and which must stay together.

Similarity is the Jaccard similarity of word 5-grams (Broder 1997). Candidates come from MinHash
and locality-sensitive hashing (datasketch); each is then checked exactly, so that a near
duplicate is never a guess. The 64 bands of 2 rows miss a pair of similarity 0.35 once in 4,000
times and one of 0.7 never in practice.

Two thresholds, for two questions. From ``near`` on, two texts are one story and the fuller one is
kept. From half of it on they share whole sentences (a wire story and its rewrite): both are
worth keeping, but as one group, since a model that has seen one has seen much of the other. It
does not find one event told in other words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.ingest.rows import content_hash, words
from pipeline.records import Article

SHINGLE = 5  # words
SOFT = 0.5  # of the near-duplicate threshold
PERMUTATIONS = 128
BANDS = (64, 2)


class Pair(NamedTuple):
    """Two articles, by position, first < second, and their similarity."""

    first: int
    second: int
    similarity: float


def shingles(article: Article) -> frozenset[str]:
    """Return the word 5-grams of an article; a shorter text is one shingle."""
    tokens = words(article)
    count = max(1, len(tokens) - SHINGLE + 1)
    return frozenset(" ".join(tokens[i : i + SHINGLE]) for i in range(count))


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets of shingles, in [0, 1]."""
    common = len(first & second)
    return common / (len(first) + len(second) - common)


def similar_pairs(articles: Sequence[Article], threshold: float, seed: int) -> list[Pair]:
    """Find the pairs of at least this similarity, in order of position."""
    from datasketch import MinHash, MinHashLSH

    sets = [shingles(article) for article in articles]
    index = MinHashLSH(num_perm=PERMUTATIONS, params=BANDS)
    sketches = MinHash.generator(
        ([shingle.encode("utf-8") for shingle in sorted(one)] for one in sets),
        num_perm=PERMUTATIONS,
        seed=seed % 2**32,
    )
    pairs: list[Pair] = []
    for second, sketch in enumerate(sketches):
        for first in sorted(index.query(sketch)):
            similarity = jaccard(sets[first], sets[second])
            if similarity >= threshold:
                pairs.append(Pair(first, second, similarity))
        index.insert(second, sketch)
    return sorted(pairs)


def fullest_first(article: Article) -> tuple[int, str, str]:
    """Sort key: of two duplicates the first by this key stays, whatever the order of rows."""
    return (-len(words(article)), article.id, repr(article))


def exact_duplicates(articles: Sequence[Article]) -> dict[int, int]:
    """Map each position whose words an earlier one has to that earlier position."""
    seen: dict[str, int] = {}
    return {
        position: first
        for position, article in enumerate(articles)
        if (first := seen.setdefault(content_hash(article), position)) != position
    }


def near_duplicates(count: int, pairs: Sequence[Pair], near: float) -> dict[int, Pair]:
    """Map each position to drop to the pair that names the kept one it duplicates.

    Positions are taken in order, and one is dropped only for one that stays: a chain of small
    changes is not collapsed into its first link.
    """
    links: dict[int, list[Pair]] = {}
    for pair in pairs:
        if pair.similarity >= near:
            links.setdefault(pair.second, []).append(pair)
    dropped: dict[int, Pair] = {}
    for position in range(count):
        kept = [pair for pair in links.get(position, ()) if pair.first not in dropped]
        if kept:
            dropped[position] = max(kept, key=lambda pair: (pair.similarity, -pair.first))
    return dropped


def groups(ids: Sequence[str], pairs: Sequence[Pair]) -> Mapping[str, str]:
    """Join similar articles into groups (union-find); each is named by its smallest id."""
    parent = {name: name for name in ids}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for pair in pairs:
        low, high = sorted((root(ids[pair.first]), root(ids[pair.second])))
        parent[high] = low
    return {name: root(name) for name in ids}
