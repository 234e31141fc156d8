from __future__ import annotations

from pipeline.places.learned import learn_names

TEXTS = ["Asked on Monday, the Kaminaga Board agreed."] * 3 + ["Then Monday came to Lyon."] * 3
FOCUS = [("JP",)] * 3 + [("FR",)] * 3


def test_a_name_of_one_country_is_learned() -> None:
    learned = learn_names(TEXTS, FOCUS, {"Lyon"}, {"asked", "then"})
    assert learned["Kaminaga Board"].candidates == (("JP", 1.0),)
    assert learned["Kaminaga"].kind == "learned"


def test_shared_known_and_common_names_are_not() -> None:
    learned = learn_names(TEXTS, FOCUS, {"Lyon"}, {"asked", "then"})
    assert not {"Monday", "Lyon", "Asked", "Then"} & set(learned)


def test_rare_names_are_not() -> None:
    assert learn_names(TEXTS[:2], FOCUS[:2], (), ()) == {}


def test_stories_without_country_teach_nothing() -> None:
    assert learn_names(TEXTS, [()] * 6, (), ()) == {}
