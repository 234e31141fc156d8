"""A page under construction: blocks of lines go in, a :class:`Page` with gold spans comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.records import Kind, Page, Part, Role, Span, Story, UnitRole


class Piece(NamedTuple):
    """A run of text with one role; pieces of a line are set side by side."""

    role: UnitRole
    text: str


Line = tuple[Piece, ...]


class Block(NamedTuple):
    """Lines that belong together: one story (``kind`` set), or residue (``kind`` none).

    Pieces of the role ``residue`` inside a story are interruptions: the story goes on after.
    """

    lines: tuple[Line, ...]
    kind: Kind | None = None
    truncated: bool = False
    article: str = ""


def line(role: UnitRole, text: str) -> Line:
    """Set one piece as a line of its own."""
    return (Piece(role, " ".join(text.split())),)


def residue_block(texts: Sequence[str]) -> Block:
    """Set residue, a line each."""
    return Block(tuple(line("residue", text) for text in texts))


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
        parts: list[Part] = []
        for number, pieces in enumerate(block.lines):
            if text:
                text += line_break if number else block_break
            for position, piece in enumerate(pieces):
                text += " " if position else ""
                start, text = len(text), text + piece.text
                if piece.role != "residue":
                    parts.append(_part(start, piece.text, piece.role))
                elif block.kind is None:
                    residue.append(Span(start, len(text)))
        if block.kind is not None and parts:
            stories.append(
                Story(
                    start=parts[0].start,
                    end=parts[-1].end,
                    kind=block.kind,
                    truncated=block.truncated,
                    parts=tuple(parts),
                    article=block.article,
                )
            )
    return Page(name, layout, text, tuple(stories), tuple(residue), fold)


def _part(start: int, text: str, role: Role) -> Part:
    """Note a part; the colon that ends a kicker is not in it."""
    printed = text.removesuffix(":") if role == "kicker" else text
    return Part(start, start + len(printed), role)
