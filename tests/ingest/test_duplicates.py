from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.duplicates import (
    Pair,
    exact_duplicates,
    groups,
    jaccard,
    near_duplicates,
    shingles,
    similar_pairs,
)
from pipeline.records import Article

WORDS = [f"w{n}" for n in range(60)]


def article(name: str, text: str) -> Article:
    return Article(name, ("sport",), (), (text,))


def test_shingles_and_jaccard_by_hand() -> None:
    one = shingles(article("a", "One two three four five six"))
    two = shingles(article("b", "one two, three four five SEVEN"))
    assert one == {"one two three four five", "two three four five six"}
    assert jaccard(one, two) == 1 / 3
    assert shingles(article("c", "Two words")) == {"two words"}


def test_words_alone_decide_on_exact_duplicates() -> None:
    texts = ["It rained.", "it  RAINED", "It snowed."]
    assert exact_duplicates([article(str(i), text) for i, text in enumerate(texts)]) == {1: 0}


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=5, max_size=60), max_size=8))
def test_law_every_pair_found_is_as_similar_as_said(texts: list[list[str]]) -> None:
    articles = [article(str(i), " ".join(words)) for i, words in enumerate(texts)]
    sets = [shingles(one) for one in articles]
    pairs = similar_pairs(articles, 0.35, seed=3)
    assert pairs == sorted(set(pairs))
    for pair in pairs:
        assert pair.first < pair.second
        assert pair.similarity == jaccard(sets[pair.first], sets[pair.second]) >= 0.35


@given(st.permutations(WORDS), st.integers(0, 59), st.integers(0, 1000))
def test_law_one_word_changed_is_always_found(order: list[str], at: int, seed: int) -> None:
    changed = [*order[:at], "other", *order[at + 1 :]]
    pairs = similar_pairs(
        [article("a", " ".join(order)), article("b", " ".join(changed))], 0.7, seed
    )
    assert len(pairs) == 1  # at most 5 of 56 shingles change: 51 / 61


def test_a_chain_is_not_collapsed_into_its_first_link() -> None:
    pairs = [Pair(0, 1, 0.8), Pair(1, 2, 0.9), Pair(2, 3, 0.7)]
    assert near_duplicates(4, pairs, 0.7) == {1: pairs[0], 3: pairs[2]}
    assert near_duplicates(4, pairs, 0.85) == {2: pairs[1]}


def test_groups_are_named_by_their_smallest_id() -> None:
    ids = ["d", "b", "c", "a"]
    joined = groups(ids, [Pair(0, 1, 0.5), Pair(1, 2, 0.4)])
    assert joined == {"d": "b", "b": "b", "c": "b", "a": "a"}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_law_groups_are_the_connected_parts(edges: list[tuple[int, int]]) -> None:
    ids = [f"n{i}" for i in range(10)]
    joined = groups(ids, [Pair(min(e), max(e), 0.5) for e in edges])
    assert all(joined[ids[a]] == joined[ids[b]] for a, b in edges)
    assert all(joined[name] <= name and joined[joined[name]] == joined[name] for name in ids)
    assert len(set(joined.values())) >= 10 - len(set(edges))
