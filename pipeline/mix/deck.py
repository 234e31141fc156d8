"""Hands of articles for a page: no story twice, and often stories that are hard to tell apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.mix.draws import Rng, chance, choose
from pipeline.records import Article

ALIKE = 0.5
WAYS = ("topic", "topic", "country", "both", "both", "both")


class Deck:
    """The articles of one fold; about half of the hands share a main topic, a country, or both."""

    def __init__(self, articles: Sequence[Article], rng: Rng) -> None:
        self.articles = list(articles)
        self.rng = rng
        self.topics: dict[str, list[int]] = defaultdict(list)
        self.countries: dict[str, list[int]] = defaultdict(list)
        pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, article in enumerate(self.articles):
            for topic in article.topics[:1]:
                self.topics[topic].append(number)
                for country in article.countries:
                    pairs[topic, country].append(number)
            for country in article.countries:
                self.countries[country].append(number)
        self.pairs = [(pair, own) for pair, own in pairs.items() if len(own) > 1]

    def draw(self, count: int) -> list[Article]:
        """Draw ``count`` articles, or as many as there are, of as many groups.

        Those that are alike stand next to each other.
        """
        hand: list[int] = []
        groups: set[str] = set()
        for pool in (*self._alike(count), range(len(self.articles))):
            for pick in self._shuffled(pool, count):
                group = self.articles[pick].group or self.articles[pick].id
                if len(hand) < count and group not in groups:
                    hand.append(pick)
                    groups.add(group)
        turn = int(self.rng.integers(len(hand)))
        return [self.articles[pick] for pick in (*hand[turn:], *hand[:turn])]

    def _shuffled(self, pool: Sequence[int], count: int) -> list[int]:
        if len(pool) > 8 * count:
            picks = self.rng.integers(len(pool), size=4 * count)
            return [pool[int(i)] for i in picks]
        return [pool[int(i)] for i in self.rng.permutation(len(pool))]

    def _alike(self, count: int) -> list[list[int]]:
        """Return the pools to draw from first: the most alike, then what tops them up."""
        if count < 2 or not chance(self.rng, ALIKE):
            return []
        seed, way = choose(self.rng, self.articles), choose(self.rng, WAYS)
        if way == "both" and self.pairs:
            (topic, country), both = choose(self.rng, self.pairs)
            return [both, self.topics[topic], self.countries[country]]
        if way == "country" and seed.countries:
            return [self.countries[choose(self.rng, seed.countries)]]
        return [self.topics[seed.topics[0]]] if seed.topics else []
