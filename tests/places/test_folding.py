from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.places.folding import fold, uncapitalise


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert len(uncapitalise(fold(text))) == len(text)


def test_examples() -> None:
    assert fold("São Tomé’s\u00a0Łódź") == "Sao Tome's Lodz"
    assert uncapitalise("BEIJING and the US, NEW DELHI") == "Beijing and the US, New Delhi"
