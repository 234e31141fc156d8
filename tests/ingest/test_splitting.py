from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.splitting import Group, by_group, draw, fold_of, held_out
from pipeline.records import Article

gatherings = st.lists(
    st.tuples(st.sampled_from(["arts", "crime", "sport"]), st.integers(1, 4)), max_size=60
).map(lambda pairs: [Group(f"g{i}", topic, size) for i, (topic, size) in enumerate(pairs)])


def test_draw_is_fixed_for_good() -> None:
    assert draw(7, "EA-001").hex()[:16] == "e3a7ce42badb1691"
    assert draw(8, "EA-001") != draw(7, "EA-001")


def test_by_group_takes_the_topic_of_the_member_it_is_named_by() -> None:
    articles = [Article(i, (t,), (), ("x",)) for i, t in (("b", "sport"), ("a", "arts"))]
    assert by_group(articles, {"a": "a", "b": "a"}) == [Group("a", "arts", 2)]


@given(gatherings, st.floats(0.05, 0.5), st.integers(0, 100))
def test_law_the_test_part_is_the_fraction_within_a_group(
    groups: list[Group], fraction: float, seed: int
) -> None:
    chosen = held_out(groups, fraction, seed)
    size = sum(group.size for group in groups if group.name in chosen)
    assert abs(size - fraction * sum(group.size for group in groups)) <= 4


@given(gatherings, st.integers(2, 5), st.integers(0, 100))
def test_law_folds_are_even_within_each_topic(groups: list[Group], folds: int, seed: int) -> None:
    fold = fold_of(groups, folds, seed)
    assert fold.keys() == {group.name for group in groups}
    for topic in {group.topic for group in groups}:
        sizes = Counter(dict.fromkeys(range(folds), 0))
        for group in groups:
            if group.topic == topic:
                sizes[fold[group.name]] += group.size
        assert max(sizes.values()) - min(sizes.values()) <= 4


@given(gatherings.flatmap(lambda groups: st.tuples(st.just(groups), st.permutations(groups))))
def test_law_order_does_not_matter(orders: tuple[list[Group], list[Group]]) -> None:
    one, two = orders
    assert held_out(one, 0.15, 1) == held_out(two, 0.15, 1)
    assert fold_of(one, 5, 1) == fold_of(two, 5, 1)


def test_many_topics_of_few_articles_still_give_a_test_part() -> None:
    groups = [Group(f"g{i:02}", f"topic{i:02}", 1) for i in range(20)]
    assert len(held_out(groups, 0.15, 1)) == 3
