from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapt.weathering import tokenised, unpunctuated, weathered
from tests.tiny import some_articles


@given(st.text(max_size=80))
def test_words_survive_and_nothing_becomes_empty(text: str) -> None:
    for treatment in (tokenised, unpunctuated):
        told = treatment(text)
        assert bool(told.strip()) == bool(text.strip())
        assert [c for c in told if c.isalnum()] == [c for c in text if c.isalnum()]


def test_decks_are_numbered_and_treated_whole() -> None:
    articles = some_articles() * 20
    found = weathered(articles, 100, np.random.default_rng(0))
    assert [article.id for article in found] == [article.id for article in articles]
    assert [article.fold for article in found] == [i // 100 for i in range(len(articles))]
    untreated = {article.id: article.paragraphs for article in articles}
    changed: dict[int, set[bool]] = {}
    for article in found:
        same = article.paragraphs == untreated[article.id]
        changed.setdefault(article.fold, set()).add(not same)
    assert all(len(deck) == 1 for deck in changed.values())  # a deck is treated whole, or not
    assert 0 < sum(True in deck for deck in changed.values()) < len(changed) / 2
