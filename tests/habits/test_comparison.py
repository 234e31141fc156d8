from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.habits.comparison import Change, Shift, changes, compare, flips, shifts
from pipeline.store.predictions import Judged
from tests.habits.book import AFTER, BEFORE, recorded

LABELS = st.sampled_from(["sport", "arts", "crime"])
JUDGED = st.builds(
    lambda number, gold, said: Judged("topic", f"A-{number}", (gold,), (said,), gold == said),
    st.integers(0, 5),
    LABELS,
    LABELS,
)
EXAMPLES = st.lists(JUDGED, unique_by=lambda example: example.id)


def test_changed_added_and_dropped_parameters() -> None:
    a, b = {"x": "1", "y": "2", "z": "3"}, {"x": "1", "y": "5", "w": "0"}
    assert changes(a, b) == (Change("w", None, "0"), Change("y", "2", "5"), Change("z", "3", None))


def test_a_shift_is_outside_if_either_interval_says_so() -> None:
    a = {"f1": 0.5, "f1_low": 0.4, "f1_high": 0.6, "acc": 0.5, "acc_low": 0.4, "acc_high": 0.6}
    b = {"f1": 0.6, "f1_low": 0.55, "f1_high": 0.7, "acc": 0.6, "acc_low": 0.5, "acc_high": 0.7}
    found = {shift.name: shift.outside for shift in shifts(a, b)}
    assert found == {"f1": True, "acc": False}  # the ends themselves are inside
    only = {name: value for name, value in a.items() if not name.endswith(("_low", "_high"))}
    assert {s.name: s.outside for s in shifts(only, b)} == {"f1": True, "acc": False}
    assert {s.outside for s in shifts(only, {"f1": 0.9, "acc": 0.1})} == {None}


def test_intervals_come_first_then_the_largest_difference() -> None:
    a = {"p": 0.1, "q": 0.1, "f": 0.5, "f_low": 0.4, "f_high": 0.6, "gone": 1.0, "same": 0.3}
    b = {"p": 0.2, "q": 0.9, "f": 0.51, "f_low": 0.4, "f_high": 0.6, "same": 0.3, "very_low": 0.1}
    found = shifts(a, b)
    assert [shift.name for shift in found] == ["f", "q", "p", "gone", "very_low"]
    assert found[3] == Shift("gone", 1.0, None, None, None)


def test_flips_by_hand() -> None:
    found = compare(recorded(1), recorded(2), BEFORE, AFTER)
    assert found.flips is not None
    topic, countries, boundaries = found.flips
    assert (topic.examples, topic.right_to_wrong, topic.wrong_to_right) == (3, 1, 1)
    assert topic.wrong_otherwise == 1
    assert [(flip.id, flip.a, flip.b) for flip in topic.flips] == [
        ("A-1", ("sport",), ("arts",)),
        ("A-2", ("sport",), ("arts",)),
        ("A-3", ("society",), ("politics",)),
    ]
    assert (countries.right_to_wrong, countries.wrong_to_right) == (0, 1)
    assert boundaries.flips == ()  # right both times, a character apart


def test_examples_with_another_gold_or_of_one_run_are_apart() -> None:
    one = Judged("topic", "A-1", ("sport",), ("sport",), True)
    other = Judged("topic", "A-1", ("arts",), ("sport",), False)
    alone = Judged("topic", "A-2", ("arts",), ("arts",), True)
    found = flips("topic", [one, alone], [other])
    assert (found.examples, found.apart, found.flips) == (0, 2, ())


def test_without_answers_there_are_no_flips_and_the_run_is_named() -> None:
    a, b = recorded(1), recorded(2)
    found = compare(a, b, None, AFTER)
    assert (found.flips, found.unanswered) == (None, (a,))
    assert compare(a, b, None, None).unanswered == (a, b)


@given(EXAMPLES, EXAMPLES)
def test_the_other_way_round_lost_is_won(a: list[Judged], b: list[Judged]) -> None:
    there, back = flips("topic", a, b), flips("topic", b, a)
    assert (there.right_to_wrong, there.wrong_to_right) == (
        back.wrong_to_right,
        back.right_to_wrong,
    )
    assert there.wrong_otherwise == back.wrong_otherwise
    assert (there.examples, there.apart) == (back.examples, back.apart)
    assert len(there.flips) == there.right_to_wrong + there.wrong_to_right + there.wrong_otherwise


@given(EXAMPLES)
def test_a_run_against_itself_has_not_changed(a: list[Judged]) -> None:
    found = flips("topic", a, a)
    assert (found.examples, found.apart, found.flips) == (len(a), 0, ())


@given(EXAMPLES, EXAMPLES)
def test_flips_account_for_the_change_in_accuracy(a: list[Judged], b: list[Judged]) -> None:
    found = flips("topic", a, b)
    golds = {(example.id, example.gold) for example in a} & {(e.id, e.gold) for e in b}
    right_a, right_b = (
        sum(example.right for example in judged if (example.id, example.gold) in golds)
        for judged in (a, b)
    )
    assert right_b - right_a == found.wrong_to_right - found.right_to_wrong
