from __future__ import annotations

import sys
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from syntok import segmenter
from syntok._segmentation_states import State
from syntok.tokenizer import Tokenizer

from pipeline.sentences import CLOSING, FAR, OPENING, STRETCH, TERMINALS, sentence_spans

WORDS = [
    *"aBi3.!?;)(]{—-’”'\",:_漢。\u00a0\u200b\u2028\t\n", "No", "Dr", "II", "12", "300", "Jan",
    "The", "It", "said", "...", "U.S.", "e.g.", "foo.Bar", "fooBar", "don't", "well-known", "3.5",
    "x.", "1.", "?”", "b.”", "a.)", ").", "()", "(...)", "(AP)", "(see below)", "(No. 3)",
    "(He left.)", "(foo ).", "{x}",
]  # fmt: skip


def spans_by_syntok(text: str) -> list[tuple[int, int]]:
    """Let syntok read all of a text."""
    starts = [s[0].offset for paragraph in segmenter.analyze(text) for s in paragraph]
    edges = sorted({0, *starts, len(text)})
    pieces = [(a, text[a:b]) for a, b in pairwise(edges)]
    return [
        (a + len(piece) - len(piece.lstrip()), a + len(piece.rstrip()))
        for a, piece in pieces
        if piece.strip()
    ]


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["", " ", " ", " ", "  "]))).map(
        lambda pairs: "".join(word + space for word, space in pairs)
    )
)
@example("He (the one. Two) left. a b c (x Foo. bar ). Baz foo bar Foo.")
def test_law_sentences_are_those_of_syntok_reading_all_of_the_text(text: str) -> None:
    assert sentence_spans(text) == spans_by_syntok(text)


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        (CLOSING, State.closing_brackets),
        (OPENING, State.opening_brackets),
        (TERMINALS, {mark for mark in State.terminals if mark != "..."}),
    ],
)
def test_syntok_decides_at_no_other_marks(own: str, theirs: set[str]) -> None:
    assert set(own) == theirs


def test_words_end_where_they_do_for_syntok() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    theirs = set(Tokenizer._spaces.findall(" ".join(every)))
    odd = {mark for mark in every if FAR.match(mark)}
    assert {mark for mark in every if not mark.isspace()} - odd == theirs - odd


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
