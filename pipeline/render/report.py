"""Documents as one HTML file for a browser: the page's text in colours, its labels beside it.

The file holds all it needs, runs no script and may load nothing (Content-Security-Policy). Page
text is data to the templates, which escape all they are given.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from pipeline import __version__
from pipeline.html.sheet import digest, environment, style
from pipeline.plain import named, visible
from pipeline.records import Document, Prediction
from pipeline.render.blocks import Section, sections
from pipeline.render.table import line_starts

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
HUES = 5  # colours that the style sheet has for stories, given in turn
TITLE = 120  # characters of a story that the outline shows
STRIP = 1000  # units of the strip that shows how the text is divided


class Entry(NamedTuple):
    """A story as the report names it. ``number``, ``hue`` and ``line`` count from 1."""

    story: Prediction
    number: int
    id: str
    hue: int
    kicker: str
    title: str
    line: int


class Band(NamedTuple):
    """A story (or residue, with hue 0) on the strip: offset and width in its units."""

    x: float
    width: float
    hue: int


class HtmlWriter:
    """Writes documents one by one between the head of the file and its end.

    :param labels: false where stories are only cut.
    :param inputs: how many texts the file is about; of more than one it has an index, at its end.
    """

    def __init__(self, out: TextIO, labels: bool = True, inputs: int = 1) -> None:
        self.out = out
        self.labels = labels
        self.inputs = inputs
        self._sources: list[tuple[str, int]] = []
        self._started = False

    def add(self, document: Document, text: str) -> None:
        """Write one document, every character of its ``text`` in order."""
        source = visible(document.source)
        several = self.inputs > 1
        self._open(f"{self.inputs} texts" if several else source, index=several)
        self._sources.append((source, len(document.stories)))
        number = len(self._sources)
        entries = tuple(_entries(document, text, f"d{number}"))
        self._write(
            "document.html",
            number=number,
            source=source,
            document=document,
            blank=not text.strip(),
            entries=entries,
            sections=_entered(sections(document, text), entries),
            strip=_strip(document, len(text)),
        )

    def close(self) -> None:
        """End the file; without a document it says so."""
        self._open("no text", index=False)
        self._write("closing.html", sources=self._sources, version=__version__)

    def _open(self, title: str, index: bool) -> None:
        if not self._started:
            css = style(TEMPLATES / "report.css")
            self._write("opening.html", title=title, index=index, style=css, digest=digest(css))
        self._started = True

    def _write(self, name: str, **values: Any) -> None:
        template = self._templates.get_template(name)
        for chunk in template.generate(values, labels=self.labels, inputs=self.inputs):
            self.out.write(chunk)
        self.out.flush()

    @cached_property
    def _templates(self) -> Environment:
        return environment(TEMPLATES)


def _entries(document: Document, text: str, prefix: str) -> Iterator[Entry]:
    starts = line_starts(text)
    for i, story in enumerate(document.stories):
        kicker, title = named(story, TITLE)
        line = bisect_right(starts, story.start)
        yield Entry(story, i + 1, f"{prefix}s{i + 1}", i % HUES + 1, kicker, title, line)


def _entered(
    divided: Iterator[Section], entries: tuple[Entry, ...]
) -> Iterator[tuple[Section, Entry | None]]:
    waiting = iter(entries)
    for section in divided:
        yield section, next(waiting) if section.story is not None else None


def _strip(document: Document, length: int) -> Iterator[Band]:
    unit = STRIP / max(length, 1)
    spans = [(story.start, story.end, i % HUES + 1) for i, story in enumerate(document.stories)]
    spans += [(span.start, span.end, 0) for span in document.residue]
    for start, end, hue in sorted(spans):
        yield Band(round(start * unit, 2), round((end - start) * unit, 2), hue)
