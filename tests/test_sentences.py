from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from pipeline.sentences import STRETCH, sentence_spans


@given(st.text(alphabet="aB.!? \t\"“”'’…—1é漢\u00a0", max_size=200))
def test_every_character_but_white_space_lies_in_exactly_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    covered = [i for start, end in spans for i in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(text[i].isspace() for i in set(range(len(text))) - set(covered))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = "The U.S. Army left. Dr. Smith stayed."
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "The U.S. Army left.", "Dr. Smith stayed."
    ]  # fmt: skip


def test_a_very_long_line_is_read_in_stretches() -> None:
    text = "word " * (STRETCH // 2)
    begun = time.perf_counter()
    spans = sentence_spans(text)
    assert "".join(text[a:b].replace(" ", "") for a, b in spans) == text.replace(" ", "")
    assert time.perf_counter() - begun < 5
