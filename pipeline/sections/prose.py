"""Running prose whose sections are known, and the ways it can be laid out as text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from operator import add
from typing import Literal, NamedTuple

Layout = Literal["lines", "run", "paragraphs", "headed"]


class Paragraph(NamedTuple):
    """Sentences that stand together, or the one line of a heading."""

    sentences: tuple[str, ...]
    heading: bool = False


class Prose(NamedTuple):
    """A text in sections, each of paragraphs; ``fold`` says which others may teach about it.

    ``kind`` names how it was made, if it was.
    """

    id: str
    fold: int
    sections: tuple[tuple[Paragraph, ...], ...]
    kind: str = ""

    @property
    def sentences(self) -> Iterator[str]:
        """All sentences, those of headings too."""
        return (s for section in self.sections for own in section for s in own.sentences)


class Laid(NamedTuple):
    """A text as laid out; ``starts`` are the offsets at which sections begin, 0 among them."""

    text: str
    starts: tuple[int, ...]


def alone(prose: Prose) -> Prose:
    """Take the longest section as a text of its own, in which there is nothing to cut."""
    longest = max(prose.sections, key=lambda own: sum(len(part.sentences) for part in own))
    return Prose(f"{prose.id}, alone", prose.fold, (longest,), "alone")


def lay_out(prose: Prose, layout: Layout) -> Laid:
    """Lay prose out as text.

    :param layout: a sentence a line; all in one line; a paragraph a line, without headings; or
        with them, a blank line before each.
    """
    blocks = [list(_blocks(section, layout)) for section in prose.sections]
    between = " " if layout == "run" else "\n"
    joined = [between.join(own) for own in blocks if own]
    starts = accumulate((len(block) + len(between) for block in joined[:-1]), initial=0)
    text = between.join(joined)
    blank = (len(block) - len(block.lstrip("\n")) for block in joined)
    return Laid(text, tuple(map(add, starts, blank)))


def _blocks(section: tuple[Paragraph, ...], layout: Layout) -> Iterator[str]:
    for paragraph in section:
        if paragraph.heading:
            if layout == "headed":
                yield "\n" + " ".join(paragraph.sentences)
        elif layout in ("lines", "run"):
            yield from paragraph.sentences
        else:
            yield " ".join(paragraph.sentences)
