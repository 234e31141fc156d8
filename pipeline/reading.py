"""How a story is read: from a page's text and a story's parts to what the models see.

Training and serving both come through here, so they cannot drift apart: a labelled article is
laid out as a page of its own and read back the same way as a story cut from a scraped page.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.records import Article, Part, Role, Story

READ_ROLES: frozenset[Role] = frozenset({"headline", "subhead", "body"})


class Sample(NamedTuple):
    """A story where it stands: ``story``'s offsets point into ``text``."""

    text: str
    story: Story

    def spans(self, *roles: Role) -> list[Part]:
        """Return the parts that play one of ``roles``, in order."""
        return [part for part in self.story.parts if part.role in roles]

    def first(self, role: Role) -> str | None:
        """Return the text of the first part with this role, if any."""
        spans = self.spans(role)
        return self.text[spans[0].start : spans[0].end] if spans else None

    def readable(self) -> str:
        """Join headline, sub-heads and body, one a line: what the encoder reads.

        Kicker, byline, dateline, caption and credit say how a story was printed, not what it is
        about. A story with none of the parts that are read is read whole.
        """
        lines = [self.text[part.start : part.end] for part in self.spans(*READ_ROLES)]
        return "\n".join(lines) if lines else self.text[self.story.start : self.story.end]


def plain_sample(
    paragraphs: tuple[str, ...],
    headline: str | None = None,
    dateline: str | None = None,
    article: str = "",
) -> Sample:
    """Lay one story out alone: headline, then paragraphs, a line each.

    >>> plain_sample(("It rained.",), headline="Rain").readable()
    'Rain\\nIt rained.'
    """
    pieces: list[tuple[Role, str]] = []
    if headline:
        pieces.append(("headline", headline))
    if dateline:
        pieces.append(("dateline", dateline))
    pieces.extend(("body", paragraph) for paragraph in paragraphs)
    parts: list[Part] = []
    text = ""
    for role, piece in pieces:
        if text:
            text += " " if parts[-1].role == "dateline" else "\n"
        parts.append(Part(len(text), len(text) + len(piece), role))
        text += piece
    return Sample(text, Story(0, len(text), "article", False, tuple(parts), article=article))


def article_sample(article: Article) -> Sample:
    """Lay a labelled article out alone, with its dateline before the first paragraph."""
    return plain_sample(article.paragraphs, article.headline, article.dateline, article.id)


def opening_of(text: str, characters: int) -> str:
    """Take the start of a text, without a word that is cut.

    >>> opening_of("It rained in Oslo.", 12)
    'It rained'
    """
    start = text[:characters]
    return start.rsplit(" ", 1)[0] if len(text) > characters else text
