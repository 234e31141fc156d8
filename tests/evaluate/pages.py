"""Small pages for the tests of this room, and what draws more of them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from pipeline.records import Page, Part, Span, Story


def page(*pieces: str, layout: str = "digest", gap: str = "\n") -> Page:
    """Set pieces one after another; one that begins with ``#`` is residue."""
    text = ""
    stories: list[Story] = []
    residue: list[Span] = []
    for piece in pieces:
        text += gap if text else ""
        start, text = len(text), text + piece
        if piece.startswith("#"):
            residue.append(Span(start, len(text)))
        else:
            stories.append(story(start, len(text)))
    return Page("p", layout, text, tuple(stories), tuple(residue))


def story(start: int, end: int, boundary: float = 1.0) -> Story:
    """Make a story that is all body."""
    return Story(start, end, "brief", False, (Part(start, end, "body"),), boundary)


def cut_at(gold: Page, starts: Sequence[int], boundary: float = 0.9) -> Page:
    """Cut a page's text at ``starts``, with no residue."""
    ends = [*starts[1:], len(gold.text)][: len(starts)]
    stories = tuple(story(start, end, boundary) for start, end in zip(starts, ends, strict=True))
    return Page(gold.id, gold.layout, gold.text, stories, ())


words = st.lists(st.sampled_from(["rain", "fell", "in", "Oslo", "again."]), min_size=1, max_size=8)
pieces = st.builds(lambda residue, said: ("# " if residue else "") + " ".join(said),
                   st.booleans(), words)  # fmt: skip
pages = st.builds(lambda many: page(*many), st.lists(pieces, max_size=7))


@st.composite
def pages_and_cuts(draw: st.DrawFn) -> tuple[Page, Page]:
    """Draw a page and any cut of it."""
    gold = draw(pages)
    if not gold.text:
        return gold, gold
    starts = draw(st.sets(st.integers(0, len(gold.text) - 1)))
    return gold, cut_at(gold, sorted(starts))
