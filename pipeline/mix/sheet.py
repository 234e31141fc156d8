"""A page under construction: blocks of lines go in, a :class:`Page` with gold spans comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.mix.wording import sentences
from pipeline.records import Kind, Page, Part, Role, Span, Story, UnitRole


class Piece(NamedTuple):
    """A run of text with one role; pieces of a line are set side by side."""

    role: UnitRole
    text: str


Line = tuple[Piece, ...]


class Block(NamedTuple):
    """Lines that belong together: one story (``kind`` set), or residue (``kind`` none).

    Pieces of the role ``residue`` between the parts of a story are interruptions: the story goes
    on after. Before its first part and behind its last they belong to the page.
    """

    lines: tuple[Line, ...]
    kind: Kind | None = None
    truncated: bool = False
    article: str = ""


def piece(role: UnitRole, text: str) -> Piece:
    """Set a run of text, its white space single blanks."""
    return Piece(role, " ".join(text.split()))


def line(role: UnitRole, text: str) -> Line:
    """Set one piece as a line of its own."""
    return (piece(role, text),)


def residue_block(texts: Sequence[str]) -> Block:
    """Set residue, a line each."""
    return Block(tuple(line("residue", text) for text in texts))


def by_sentence(block: Block) -> Block:
    """Give every sentence of a story's body a line of its own.

    What stands on the line before the body stays with its first sentence, what stands behind it
    with the last.
    """
    lines: list[Line] = []
    for pieces in block.lines:
        current: list[Piece] = []
        for run in pieces:
            parts = sentences(run.text) if run.role == "body" else [run.text]
            for text in parts[:-1]:
                lines.append((*current, Piece(run.role, text)))
                current = []
            current.append(Piece(run.role, parts[-1] if parts else run.text))
        lines.append(tuple(current))
    return block._replace(lines=tuple(lines))


def run_on(block: Block) -> Block:
    """Set all lines of a block as one."""
    return block._replace(lines=(tuple(piece for pieces in block.lines for piece in pieces),))


def set_page(
    name: str,
    layout: str,
    blocks: Sequence[Block],
    *,
    line_break: str = "\n",
    block_break: str = "\n",
    fold: int = 0,
) -> Page:
    """Set blocks one after another, and note where everything came to stand.

    :param line_break: between the lines of a block; ``" "`` flattens.
    :param block_break: between blocks.
    """
    text = ""
    stories: list[Story] = []
    residue: list[Span] = []
    for block in blocks:
        placed: list[tuple[int, Piece]] = []
        for number, pieces in enumerate(block.lines):
            separator = (line_break if number else block_break) if text else ""
            for run in pieces:
                if run.text:
                    placed.append((len(text) + len(separator), run))
                    text += separator + run.text
                    separator = " "
        story, left = _gold(block, placed)
        stories += story
        residue += left
    return Page(name, layout, text, tuple(stories), tuple(residue), fold)


def _gold(block: Block, placed: Sequence[tuple[int, Piece]]) -> tuple[list[Story], list[Span]]:
    """Return a block's story, if it has one, and the residue that no story spans."""
    parts = [
        _part(start, run.text, run.role)
        for start, run in placed
        if block.kind is not None and run.role != "residue"
    ]
    first, last = (parts[0].start, parts[-1].end) if parts else (0, 0)
    residue = [
        Span(start, start + len(run.text))
        for start, run in placed
        if run.role == "residue" and not first <= start < last
    ]
    if block.kind is None or not parts:
        return [], residue
    return [
        Story(first, last, block.kind, block.truncated, tuple(parts), article=block.article)
    ], residue


def _part(start: int, text: str, role: Role) -> Part:
    """Note a part; the colon that ends a kicker is not in it."""
    printed = text.removesuffix(":") if role == "kicker" else text
    return Part(start, start + len(printed), role)
