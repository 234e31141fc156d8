from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from pipeline.mix.sheet import Block, Piece, by_sentence, line, residue_block, run_on, set_page
from pipeline.records import UnitRole

WORDS = st.text("ab ?.", min_size=1, max_size=30).map(lambda text: " ".join(text.split()))
PIECES = st.builds(Piece, st.sampled_from(get_args(UnitRole)), WORDS)
LINES = st.lists(PIECES, min_size=1, max_size=3).map(tuple)
BLOCKS = st.builds(
    Block, st.lists(LINES, min_size=1, max_size=4).map(tuple), st.sampled_from(["article", "brief"])
)


@given(st.lists(BLOCKS, min_size=1, max_size=5), st.sampled_from([" ", "\n", "\n\n"]))
def test_parts_read_as_they_were_set_and_all_ink_is_accounted_for(
    blocks: list[Block], line_break: str
) -> None:
    page = set_page("x", "x", blocks, line_break=line_break, block_break="\n")
    set_down = [
        (piece.role, piece.text)
        for block in blocks
        for pieces in block.lines
        for piece in pieces
        if piece.text and piece.role != "residue"
    ]
    read = [(p.role, page.text[p.start : p.end]) for s in page.stories for p in s.parts]
    assert read == set_down
    covered = [*page.stories, *page.residue]
    kept = sum(len("".join(page.text[s.start : s.end].split())) for s in covered)
    assert kept == len("".join(page.text.split()))


@given(BLOCKS)
def test_reshaping_a_block_keeps_its_words(block: Block) -> None:
    def words(block: Block) -> list[str]:
        text = " ".join(piece.text for pieces in block.lines for piece in pieces)
        return text.split()

    assert words(run_on(block)) == words(block)
    assert words(by_sentence(block)) == words(block)
    assert len(run_on(block).lines) == 1


def test_a_sentence_a_line_keeps_a_kicker_before_the_first_and_a_credit_behind_the_last() -> None:
    block = Block(
        (
            (
                Piece("kicker", "FLOOD:"),
                Piece("body", "It rained. It poured."),
                Piece("credit", "AP"),
            ),
        )
    )
    assert by_sentence(block).lines == (
        (Piece("kicker", "FLOOD:"), Piece("body", "It rained.")),
        (Piece("body", "It poured."), Piece("credit", "AP")),
    )


def test_residue_belongs_to_a_story_only_between_its_parts() -> None:
    lines = [
        ("residue", "Ad"),
        ("body", "One."),
        ("residue", "Ad"),
        ("body", "Two."),
        ("residue", "Ad"),
    ]
    page = set_page("x", "x", [Block(tuple(line(*each) for each in lines), "article")])
    assert page.text == "Ad\nOne.\nAd\nTwo.\nAd"
    assert [(s.start, s.end) for s in page.stories] == [(3, 15)]
    assert [(s.start, s.end) for s in page.residue] == [(0, 2), (16, 18)]


def test_a_block_of_residue_is_no_story() -> None:
    page = set_page("x", "x", [residue_block(["Menu", "Log  in"])])
    assert page.text == "Menu\nLog in"
    assert not page.stories
    assert len(page.residue) == 2
