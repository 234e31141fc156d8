"""Laying prose out: every sentence is there, and sections start where they are said to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sections.prose import Layout, Paragraph, Prose, alone, lay_out

LAYOUTS: tuple[Layout, ...] = ("lines", "run", "paragraphs", "headed")
words = st.text("abc", min_size=1, max_size=4)
paragraphs = st.builds(
    Paragraph, st.lists(words, min_size=1, max_size=3).map(tuple), heading=st.just(False)
)
sections = st.lists(paragraphs, min_size=1, max_size=3).map(tuple)
HARBOUR = Prose(
    "harbour",
    0,
    (
        (Paragraph(("It is old.", "It is deep.")),),
        (Paragraph(("Trade",), heading=True), Paragraph(("Ships call.",))),
    ),
)


@pytest.mark.parametrize(
    ("layout", "text", "starts"),
    [
        ("lines", "It is old.\nIt is deep.\nShips call.", (0, 23)),
        ("run", "It is old. It is deep. Ships call.", (0, 23)),
        ("paragraphs", "It is old. It is deep.\nShips call.", (0, 23)),
        ("headed", "It is old. It is deep.\n\nTrade\nShips call.", (0, 24)),
    ],
)
def test_the_ways_to_lay_out(layout: Layout, text: str, starts: tuple[int, ...]) -> None:
    assert lay_out(HARBOUR, layout) == (text, starts)


def test_the_longest_section_alone_has_nothing_to_cut() -> None:
    text, starts = lay_out(alone(HARBOUR), "run")
    assert (text, starts) == ("It is old. It is deep.", (0,))


@given(st.lists(sections, min_size=1, max_size=4).map(tuple), st.sampled_from(LAYOUTS))
def test_sections_start_with_their_first_sentence(
    parts: tuple[tuple[Paragraph, ...], ...], layout: Layout
) -> None:
    prose = Prose("p", 0, parts)
    text, starts = lay_out(prose, layout)
    assert text.split() == list(prose.sentences)
    assert len(starts) == len(parts)
    for start, section in zip(starts, parts, strict=True):
        assert text[start:].startswith(section[0].sentences[0])
