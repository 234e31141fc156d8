from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np

from pipeline.mix.deck import Deck
from pipeline.records import Article


def labelled(count: int, topics: int, countries: int) -> list[Article]:
    return [
        Article(str(i), (f"t{i % topics}",), (f"c{i // topics % countries}",), (f"Story {i}.",))
        for i in range(count)
    ]


ARTICLES = labelled(600, 10, 12)


def test_a_hand_has_no_story_twice_and_no_group_twice() -> None:
    grouped = [msgspec.structs.replace(a, group=f"g{i // 3}") for i, a in enumerate(ARTICLES)]
    deck = Deck(grouped, np.random.default_rng(1))
    for count in (1, 2, 7, 15):
        hand = deck.draw(count)
        assert len(hand) == count
        assert len({article.group for article in hand}) == count


def test_a_hand_is_as_large_as_the_corpus_allows() -> None:
    assert len(Deck(ARTICLES[:3], np.random.default_rng(0)).draw(9)) == 3


def test_about_half_of_the_hands_are_alike_and_many_in_topic_and_country() -> None:
    deck = Deck(ARTICLES, np.random.default_rng(2))
    hands = [deck.draw(4) for _ in range(400)]

    def share(keys: str) -> float:
        alike = [
            all(
                ("t" not in keys or a.topics == b.topics)
                and ("c" not in keys or a.countries == b.countries)
                for a, b in pairwise(hand)
            )
            for hand in hands
        ]
        return sum(alike) / len(hands)

    assert 0.3 < share("t") < 0.5
    assert 0.15 < share("tc") < 0.4
    assert share("t") + share("c") - share("tc") > 0.38
