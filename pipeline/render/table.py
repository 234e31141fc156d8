"""Documents as tables for a person at a terminal: one block a source, one row a story.

Page text may hold anything; it is shown on one line with control characters replaced, so that no
page can write to the terminal in its own name.
"""

from __future__ import annotations

import re
import shutil
from bisect import bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from pipeline.plain import counted, named, visible
from pipeline.records import Document, Prediction
from pipeline.sections import Level

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

WIDTH = 110  # where no terminal says how wide it is
LEAST = 60
ROOMY = 100  # from here on there is room for offsets
TITLE = 90  # characters of a story that a row shows
_LINE_END = re.compile(r"\r\n|\r|\n")
NOUNS: dict[Level, tuple[str, str]] = {
    "story": ("story", "stories"),
    "section": ("section", "sections"),
}


def console_for(out: TextIO, terminal: bool) -> Console:
    """Return a console that writes to ``out``, with colours only if it is a terminal."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:  # rich would exit with 1 here
            raise BrokenPipeError

    width = shutil.get_terminal_size((WIDTH, 24)).columns
    return Plain(
        file=out,
        width=max(width, LEAST),
        force_terminal=terminal,
        no_color=None if terminal else True,
        markup=False,
        emoji=False,
        highlight=False,
    )


class TableWriter:
    """Prints a table for each document as it comes."""

    def __init__(
        self, out: TextIO, terminal: bool, labels: bool = True, level: Level = "story"
    ) -> None:
        self.console = console_for(out, terminal)
        self.labels = labels
        self.level = level

    def add(self, document: Document, text: str) -> None:
        """Print one document; ``text`` tells the lines its stories start at."""
        found = counted(len(document.stories), *NOUNS[self.level])
        title = f"{visible(document.source)}: {found}"
        if document.residue:
            title += f", {counted(len(document.residue), 'span', 'spans')} of residue"
        if document.stories:
            title += f", single {self.level} {document.single:.2f}"
        self.console.print(_styled(title, "bold"))
        if document.stories:
            self.console.print(self._table(document, text))
        if any(story.truncated for story in document.stories):
            self.console.print(_styled("… the text stops before the story does", "dim"))
        if self.labels and any(story.uncertain for story in document.stories):
            self.console.print(_styled("? the topic is a guess, if it is news at all", "dim"))

    def close(self) -> None:
        """Print nothing more."""

    def _table(self, document: Document, text: str) -> Table:
        offsets = self.console.width >= ROOMY
        table = _columns(offsets, self.labels)
        starts = line_starts(text)
        for story in document.stories:
            cells = [_plain(str(bisect_right(starts, story.start)))]
            if offsets:
                cells.append(_plain(f"{story.start}–{story.end}"))
            cells.append(_plain(f"{story.kind} …" if story.truncated else story.kind))
            cells.append(title_of(story))
            if story.same_as is not None:
                line = bisect_right(starts, document.stories[story.same_as].start)
                cells[-1].append(f"\n= story {story.same_as + 1}, line {line}", "dim")
            table.add_row(*cells, *(_labels(story) if self.labels else _cut(story)))
        return table


def line_starts(text: str) -> list[int]:
    """Return the offset of each line; LF, CR LF and CR end one."""
    return [0, *(end.end() for end in _LINE_END.finditer(text))]


def title_of(story: Prediction) -> Text:
    """Return what a row calls its story: kicker and headline, or its first words."""
    from rich.text import Text

    kicker, words = named(story, TITLE)
    title = Text(overflow="fold")
    if kicker:
        title.append(f"{kicker}  ", "dim")
    title.append(words, "bold" if story.headline else "")
    return title


def print_figures(out: TextIO, terminal: bool, title: str, figures: Mapping[str, float]) -> None:
    """Print named figures, a row each."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("figure", overflow="fold")
    table.add_column("value", justify="right", no_wrap=True)
    for name, value in figures.items():
        table.add_row(
            _plain(name), _plain(f"{value:.0f}" if value.is_integer() else f"{value:.4f}")
        )
    console_for(out, terminal).print(table)


def _columns(offsets: bool, labels: bool) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    table.add_column("line", justify="right", no_wrap=True, min_width=4)
    if offsets:
        table.add_column("offsets", no_wrap=True, min_width=11)
    table.add_column("kind", no_wrap=True, min_width=9)
    table.add_column("story", min_width=16)
    if labels:
        table.add_column("topics", min_width=14, max_width=40)
        table.add_column("where", min_width=9, max_width=24)
    else:
        table.add_column("boundary", justify="right", no_wrap=True)
    return table


def _labels(story: Prediction) -> tuple[Text, ...]:
    mark = "? " if story.uncertain else ""
    topics = mark + "\n".join(f"{topic.name} {topic.score:.2f}" for topic in story.topics)
    countries = " ".join(country.code for country in story.countries)
    regions = ", ".join(region.name for region in story.regions)
    return _plain(topics), _plain("\n".join(filter(None, (countries, regions))))


def _cut(story: Prediction) -> tuple[Text, ...]:
    return (_plain(f"{story.boundary:.2f}"),)


def _plain(text: str) -> Text:
    return _styled(text, "")


def _styled(text: str, style: str) -> Text:
    from rich.text import Text

    return Text(text, style=style)
