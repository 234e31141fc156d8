from __future__ import annotations

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.realpages.weathering import tokenised, unpunctuated, weathered
from tests.tiny import some_articles


@given(st.text(max_size=80))
def test_words_survive_and_nothing_becomes_empty(text: str) -> None:
    for treatment in (tokenised, unpunctuated):
        told = treatment(text)
        assert bool(told.strip()) == bool(text.strip())
        assert [c for c in told if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_deck_is_treated_whole_or_not_at_all() -> None:
    articles = [msgspec.structs.replace(each, caption="A (red) boat.") for each in some_articles()]
    rng = np.random.default_rng(0)
    treated = 0
    for _ in range(200):
        found = weathered(articles, rng)
        changed = {
            (a.paragraphs != b.paragraphs, a.caption != b.caption)
            for a, b in zip(articles, found, strict=True)
        }
        assert len(changed) == 1 and len(set(*changed)) == 1
        treated += (True, True) in changed
    assert 20 < treated < 60  # a fifth of the decks
