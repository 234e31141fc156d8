from __future__ import annotations

import numpy as np
import pytest

from pipeline.encoder import packaged_tokenizer
from pipeline.reader.tokens import (
    CAPITALISED,
    CAPITALS,
    HEAD,
    LOWER,
    MARKS,
    OTHER,
    TAIL,
    UnitTokens,
    unit_tokens,
)
from pipeline.units import find_units


def read(text: str) -> list[UnitTokens]:
    units = find_units(text)
    return unit_tokens([text[u.start : u.end] for u in units], units, packaged_tokenizer())


def test_every_unit_begins_with_a_mark_that_says_how_it_is_set() -> None:
    found = read("It rained. It poured.\nIt froze.\n\nIt thawed.\n\n\n\nIt rained.")
    assert [int(unit.forms[0]) - 4 for unit in found] == [0, 0, 1, 2, MARKS - 1]
    assert len({int(unit.ids[0]) for unit in found}) == 1


def test_case_is_carried_beside_the_uncased_ids() -> None:
    (lower,), (title,), (capitals,) = read("rain"), read("Rain"), read("RAIN")
    np.testing.assert_array_equal(lower.ids, title.ids)
    np.testing.assert_array_equal(lower.ids, capitals.ids)
    assert [int(unit.forms[1]) for unit in (lower, title, capitals)] == [
        LOWER,
        CAPITALISED,
        CAPITALS,
    ]
    (number,) = read("7")
    assert number.forms[1] == OTHER


@pytest.mark.parametrize("words", [1, HEAD + TAIL, HEAD + TAIL + 1, 400])
def test_a_long_unit_keeps_its_head_and_its_tail(words: int) -> None:
    text = " ".join(["rain"] * (words - 1) + ["snow"])
    units = find_units(text)
    (unit,) = unit_tokens([text], units[:1], packaged_tokenizer())
    assert len(unit.ids) == len(unit.forms) == 1 + min(words, HEAD + TAIL)
    (snow,) = read("snow")
    assert unit.ids[-1] == snow.ids[-1]
