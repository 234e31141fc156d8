"""Articles of an encyclopedia from a MediaWiki export, with the sections that their authors made.

What is no prose is left out: tables, lists, notes, and the sections at the end that only list.
"""

from __future__ import annotations

import bz2
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.realnews import part_of
from pipeline.sections.prose import Paragraph, Prose
from pipeline.sentences import sentence_spans

LISTS = frozenset(
    {
        "bibliography",
        "citations",
        "external links",
        "footnotes",
        "further reading",
        "notes",
        "references",
        "see also",
        "sources",
        "works cited",
    }
)
NO_PROSE = frozenset({"ref", "table", "gallery", "math"})
NO_TEXT = ("file:", "image:", "category:")  # links to what is shown, or to no article
LISTED = ("*", "#", ":", ";")  # a line of a list, or indented, in the source
MARKS = ("|", "{", "!", "thumb")  # of markup that was left
SHORTEST = 40  # characters of a line of prose
LEAST = 2  # sentences in a section, and sections in an article


def wiki_prose(path: Path, folds: int) -> Iterator[Prose]:
    """Read articles with two sections or more.

    :param path: a MediaWiki XML export, ``.xml`` or ``.xml.bz2``.
    :raises MissingArtifactError: it is not there.
    :raises CorruptArtifactError: it is no such export.
    """
    for title, source in _pages(path):
        if ":" in title or source.lower().startswith("#redirect"):
            continue
        sections = tuple(_sections(source))
        if len(sections) >= LEAST:
            yield Prose(title, part_of(title, folds), sections)


def _pages(path: Path) -> Iterator[tuple[str, str]]:
    """Read titles and sources."""
    if not path.is_file():
        raise MissingArtifactError(f"{path} is not here: name a MediaWiki export in params.yaml")
    opened: Any = bz2.open if path.suffix == ".bz2" else open
    title = ""
    try:
        with opened(path, "rb") as file:
            for _, element in ElementTree.iterparse(file):
                name = element.tag.rpartition("}")[2]
                if name == "title":
                    title = element.text or ""
                elif name == "text":
                    yield title, element.text or ""
                elif name == "page":
                    element.clear()
    except (OSError, EOFError, ElementTree.ParseError) as error:
        raise CorruptArtifactError(f"{path} is no MediaWiki export: {error}") from error


def _sections(source: str) -> Iterator[tuple[Paragraph, ...]]:
    """Take the sections of the second level, and what stands before the first."""
    import mwparserfromhell

    prose = "\n".join(line for line in source.split("\n") if not line.startswith(LISTED))
    whole = mwparserfromhell.parse(prose, skip_style_tags=True)  # one left open hides headings
    for own in whole.get_sections([2], include_lead=True):
        section = mwparserfromhell.parse(str(own))
        headings = [
            str(heading.title.strip_code()).strip() for heading in section.filter_headings()
        ]
        if headings and headings[0].lower() in LISTS:
            continue
        paragraphs = tuple(_paragraphs(_bare(section), frozenset(headings)))
        if sum(len(p.sentences) for p in paragraphs if not p.heading) >= LEAST:
            yield paragraphs


def _bare(section: Any) -> str:
    """Take out notes, tables and pictures, then all markup."""
    for tag in section.filter_tags():
        if str(tag.tag) in NO_PROSE and section.contains(tag):
            section.remove(tag)
    for link in section.filter_wikilinks():
        if str(link.title).lower().startswith(NO_TEXT) and section.contains(link):
            section.remove(link)
    return str(section.strip_code())


def _paragraphs(text: str, headings: frozenset[str]) -> Iterator[Paragraph]:
    for line in (line.strip() for line in text.split("\n")):
        if line in headings:
            yield Paragraph((line,), heading=True)
        elif len(line) > SHORTEST and not line.startswith(MARKS):
            yield Paragraph(tuple(line[a:b] for a, b in sentence_spans(line)))
