from __future__ import annotations

import pytest

from pipeline.reader.patterns import form_cuts
from pipeline.records import UnitRole
from pipeline.segment.parts import find_parts
from pipeline.units import find_units, split_units


def parts_of(text: str, *roles: UnitRole) -> list[tuple[str, str]]:
    units = find_units(text)
    units = split_units(text, units, [form_cuts(text, unit) for unit in units])
    assert len(units) == len(roles), [text[u.start : u.end] for u in units]
    return [(part.role, text[part.start : part.end]) for part in find_parts(text, units, roles)]


def test_sentences_of_one_line_join_and_lines_do_not() -> None:
    text = "It rained. It poured.\nThen it stopped."
    assert parts_of(text, "body", "body", "body") == [
        ("body", "It rained. It poured."), ("body", "Then it stopped.")
    ]  # fmt: skip


def test_an_interruption_is_in_no_part_and_parts_the_lines_around_it() -> None:
    assert parts_of("One.\nAdvertisement\nTwo.", "body", "residue", "body") == [
        ("body", "One."), ("body", "Two.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OIL SPILL: Crews worked", [("kicker", "OIL SPILL"), ("body", "Crews worked")]),
        ("OSLO (Reuters) - Oil fell", [("dateline", "OSLO (Reuters) -"), ("body", "Oil fell")]),
        ("SAN JOSE, May 3 — Rain fell", [("dateline", "SAN JOSE, May 3 —"), ("body", "Rain fell")]),
        ("Photo: AP Rain fell", [("credit", "Photo: AP"), ("body", "Rain fell")]),
        ("Bosses say: work harder", [("body", "Bosses say: work harder")]),
    ],
)  # fmt: skip
def test_what_stands_inside_a_line_is_set_apart(text: str, expected: list) -> None:
    roles = [role for role, _ in expected]
    assert parts_of(text, *roles) == expected


def test_pieces_of_one_role_on_one_line_are_one_part() -> None:
    assert parts_of("TEXT: Ann Other", "byline", "byline") == [("byline", "TEXT: Ann Other")]


def test_a_kicker_ends_before_its_colon_but_may_be_one() -> None:
    assert parts_of("OIL SPILL:\nIt rained.", "kicker", "body") == [
        ("kicker", "OIL SPILL"), ("body", "It rained.")
    ]  # fmt: skip
