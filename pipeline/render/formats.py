"""The formats of ``contract/``: JSON, JSON Lines and CSV, written document by document.

A writer prints nothing before its first document, and each document as soon as it is done; so a
long run can be read as it goes, and a run that fails at once leaves nothing behind.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Literal, Protocol, TextIO

import msgspec

from pipeline.plain import scalar
from pipeline.records import Document, Prediction

DataFormat = Literal["json", "jsonl", "csv"]
Format = Literal["table", "html", "json", "jsonl", "csv"]

COLUMNS = (
    "source",
    "index",
    "start",
    "end",
    "kind",
    "headline",
    "kicker",
    "truncated",
    "same_as",
    "boundary",
    "topic",
    "topic_score",
    "countries",
    "regions",
    "text",
)
LABELS = ("topics", "countries", "regions", "uncertain")
# Line ends to some readers, though not to JSON: a story must stay on one line for all of them.
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class Writer(Protocol):
    """Takes documents one by one; ``close`` ends what a complete output needs."""

    def add(self, document: Document, text: str) -> None:
        """Write one document, which was cut from ``text``."""

    def close(self) -> None:
        """Write what comes after the last document."""


class JsonWriter:
    """One array of documents, indented by two."""

    def __init__(self, out: TextIO, labels: bool = True) -> None:
        self.out = out
        self.labels = labels
        self._count = 0

    def add(self, document: Document, text: str) -> None:
        """Write one document of the array."""
        plain = {
            "source": document.source,
            "stories": [story_fields(story, self.labels) for story in document.stories],
            "residue": msgspec.to_builtins(document.residue),
            "single": document.single,
        }
        item = json.dumps(plain, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        self.out.write(scalar(f"{',' if self._count else '['}\n  {item}"))
        self.out.flush()
        self._count += 1

    def close(self) -> None:
        """End the array."""
        self.out.write("\n]\n" if self._count else "[]\n")


class JsonlWriter:
    """One story a line, each with its source."""

    def __init__(self, out: TextIO, labels: bool = True) -> None:
        self.out = out
        self.labels = labels

    def add(self, document: Document, text: str) -> None:
        """Write a line for each story; a document without stories writes nothing."""
        for story in document.stories:
            fields = {"source": document.source, **story_fields(story, self.labels)}
            line = json.dumps(fields, ensure_ascii=False).translate(_LINE_ENDS)
            self.out.write(scalar(line) + "\n")
        self.out.flush()

    def close(self) -> None:
        """Write nothing."""


class CsvWriter:
    """A header, then one story a row (RFC 4180 quoting, rows end in a line feed).

    :param begun: whether ``out`` has the header already.
    """

    def __init__(self, out: TextIO, begun: bool = False) -> None:
        self.out = out
        self._started = begun

    def add(self, document: Document, text: str) -> None:
        """Write a row for each story."""
        self._header()
        for story in document.stories:
            self._row(_cells(document.source, story))
        self.out.flush()

    def close(self) -> None:
        """Write the header if there was no document."""
        self._header()

    def _header(self) -> None:
        if not self._started:
            self._row(COLUMNS)
        self._started = True

    def _row(self, cells: tuple[str | int | float, ...]) -> None:
        # With CR LF as its row end, every csv module quotes a lone CR or LF inside a cell.
        row = io.StringIO(newline="")
        csv.writer(row, lineterminator="\r\n").writerow(cells)
        self.out.write(scalar(row.getvalue().removesuffix("\r\n")) + "\n")


def writer_for(kind: DataFormat, out: TextIO, begun: bool = False) -> Writer:
    """Return the writer of labelled documents in a data format.

    :param begun: whether ``out`` has documents already; an array cannot be gone on with.
    """
    if kind == "csv":
        return CsvWriter(out, begun)
    return JsonWriter(out) if kind == "json" else JsonlWriter(out)


def story_fields(story: Prediction, labels: bool = True) -> dict[str, Any]:
    """Return a story as the contract has it; without ``labels``, as it was cut and no more."""
    fields: dict[str, Any] = msgspec.to_builtins(story)
    return fields if labels else {k: v for k, v in fields.items() if k not in LABELS}


def _cells(source: str, story: Prediction) -> tuple[str | int | float, ...]:
    topic = story.topics[0] if story.topics else None
    return (
        source,
        story.index,
        story.start,
        story.end,
        story.kind,
        story.headline or "",
        story.kicker or "",
        "true" if story.truncated else "false",
        "" if story.same_as is None else story.same_as,
        story.boundary,
        topic.name if topic else "",
        topic.score if topic else "",
        " ".join(country.code for country in story.countries),
        " ".join(region.code for region in story.regions),
        story.text,
    )
