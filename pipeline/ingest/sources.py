"""Labelled sources as they lie on disk: JSON Lines, CSV and TSV, row by row.

A row that cannot be read is a fault of that row alone; the next one is read all the same. What a
row must hold is not checked here (see ``rows``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.errors import BroadsheetError, UsageError

TOPICS = frozenset({"topics", "topic", "label"})
DELIMITERS = {".csv": ",", ".tsv": "\t"}
JSON_LINES = frozenset({".jsonl", ".ndjson"})
_BOM = b"\xef\xbb\xbf"


class Reject(Struct, frozen=True):
    """A row that was left out: its source, the line it starts at (1-based) and why."""

    source: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.reason}"


class RawRow(Struct, frozen=True):
    """A row as read: column names to values, before any check."""

    source: str
    line: int
    values: dict[str, Any]

    def reject(self, reason: str) -> Reject:
        """Say why this row is left out."""
        return Reject(self.source, self.line, reason)


def read_source(path: Path) -> Iterator[RawRow | Reject]:
    """Read a source row by row; blank lines are no rows.

    :raises UsageError: the file's ending names no known format.
    :raises BroadsheetError: the file is missing or cannot be read, or a table has no header.
    """
    suffix = path.suffix.lower()
    if suffix not in JSON_LINES and suffix not in DELIMITERS:
        raise UsageError(f"{path}: unknown kind of source; use .jsonl, .csv or .tsv")
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise BroadsheetError(
            f"{path} is not here: check its name, in the call or in params.yaml (ingest.sources)"
        ) from error
    except OSError as error:
        raise BroadsheetError(f"{path} cannot be read: {error.strerror}") from error
    data = data.removeprefix(_BOM)
    if suffix in JSON_LINES:
        return _json_rows(str(path), data)
    return _table_rows(str(path), data, DELIMITERS[suffix])


def _json_rows(source: str, data: bytes) -> Iterator[RawRow | Reject]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            values = msgspec.json.decode(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            yield Reject(source, number, f"not UTF-8 (byte {error.start + 1} of the line)")
        except (msgspec.DecodeError, RecursionError) as error:
            yield Reject(source, number, f"broken JSON: {error}")
        else:
            if isinstance(values, dict):
                yield RawRow(source, number, values)
            else:
                yield Reject(source, number, "not a JSON object")


def _table_rows(source: str, data: bytes, delimiter: str) -> Iterator[RawRow | Reject]:
    # Bytes that are not UTF-8 become lone surrogates, so that only their row is rejected.
    text = data.decode("utf-8", "surrogateescape")
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # 128 KiB a cell by default
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield Reject(source, start, f"broken CSV: {error}")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = _header(source, cells)
        elif len(cells) != len(header):
            yield Reject(source, start, f"{len(cells)} cells, but {len(header)} columns")
        else:
            values = {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()}
            yield RawRow(source, start, values)


def _header(source: str, cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    if not TOPICS & set(header) or not {"text", "paragraphs"} & set(header):
        raise BroadsheetError(
            f"{source}: the first line must name the columns, `topics` and `text` among them"
        )
    if len(set(header)) < len(header):
        raise BroadsheetError(f"{source}: a column is named twice in the first line")
    return header
