from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from pipeline.units import LONGEST, find_units

TEXT = st.text(alphabet='aB.!?: \t\n\r\u2028"“”’…—1é漢\u00a0\x00', max_size=300)


@given(TEXT)
def test_units_hold_all_but_white_space_in_order(text: str) -> None:
    units = find_units(text)
    covered = [i for unit in units for i in range(unit.start, unit.end)]
    assert covered == sorted(set(covered))
    assert all(text[i].isspace() for i in set(range(len(text))) - set(covered))


@given(TEXT)
def test_no_unit_crosses_a_line_end_or_begins_or_ends_with_space(text: str) -> None:
    for unit in find_units(text):
        piece = text[unit.start : unit.end]
        assert piece == piece.strip() != ""
        assert not any(end in piece for end in "\n\r\u2028")
        assert len(piece) <= LONGEST


def test_line_ends_are_counted_and_a_carriage_return_is_not_one_more() -> None:
    assert [unit.breaks for unit in find_units("a\nb\n\nc\r\nIt rained. It poured.")] == [
        0,
        1,
        2,
        1,
        0,
    ]


def test_a_kicker_in_a_running_line_starts_a_unit() -> None:
    text = "parts bought from firms in Kobe PERMIT REVOKED: The owner left. He said: OK: fine"
    starts = [text[unit.start :][:6] for unit in find_units(text)]
    assert starts == ["parts ", "PERMIT", "He sai"]


def test_ten_megabytes_without_punctuation_are_split_in_bounded_time() -> None:
    begun = time.perf_counter()
    units = find_units("word " * 2_000_000)
    assert len(units) > 6000
    assert time.perf_counter() - begun < 60


def test_capitals_without_end_are_split_in_bounded_time() -> None:
    begun = time.perf_counter()
    assert len(find_units("A" * 2_000_000)) > 1000
    assert len(find_units("A." * 1_000_000)) > 1000
    assert time.perf_counter() - begun < 30


def test_spaces_on_an_empty_line_are_no_line_ends() -> None:
    assert [unit.breaks for unit in find_units("a\n   \nb")] == [0, 2]
