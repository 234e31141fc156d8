"""Datasets as texts, row by row: JSON Lines, plain or gzipped, and Parquet.

A row has a ``text``. Its name in the output is its ``id``, else its ``source``, else its ``url``,
else ``FILE:NUMBER``, where the number is that of its line (JSON Lines) or row (Parquet), from 1.
Other columns are passed over. No more than a few rows are in memory at a time.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
from msgspec import Struct

from pipeline.inputs import InputError, printable, reason

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

JSONL, GZIPPED, PARQUET = ".jsonl", ".jsonl.gz", ".parquet"
DATASETS = (JSONL, GZIPPED, PARQUET)
NAMES = ("id", "source", "url")  # the columns that name a row, the first of them that is filled
READ_AT_ONCE = 64  # rows of a Parquet file
BUFFER = 1 << 20  # bytes of a column of it; without one, a whole group of rows is read
_BOM = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """One text of a dataset. ``size`` is how many bytes of the file it stands for."""

    source: str
    text: str
    size: int

    def read(self) -> str:
        """Return the text."""
        return self.text

    def identity(self) -> tuple[str, str]:
        """Return its name and its text."""
        return self.source, self.text


class Stretch(NamedTuple):
    """A part of a dataset that can be read by itself; rows count from 0.

    ``offset`` is the byte at which the first row starts (JSON Lines), or the group of rows that it
    is in (Parquet), whose first row is ``within`` rows before it. ``rows`` is None for all.
    """

    first: int = 0
    rows: int | None = None
    offset: int = 0
    within: int = 0


ALL = Stretch()


class _Fields(Struct):
    text: str
    id: Any = None
    source: Any = None
    url: Any = None


_decoder = msgspec.json.Decoder(_Fields)


def is_dataset(path: Path) -> bool:
    """Tell by its name whether a file is read row by row."""
    return path.name.lower().endswith(DATASETS)


def read_rows(
    path: Path, stretch: Stretch = ALL, name: str | None = None
) -> Iterator[Row | InputError]:
    """Read the rows of a dataset in order, or a stretch of them.

    A row that cannot be read comes as an error in its place, and so does the end of a file that is
    damaged. Blank lines are passed over, but counted.

    :param name: what its file is called in the output; by default its path.
    """
    name = printable(str(path)) if name is None else name
    try:
        if path.name.lower().endswith(PARQUET):
            yield from _parquet_rows(path, name, stretch)
        else:
            yield from _lines(path, name, stretch)
    except OSError as error:
        yield InputError(f"{name}: {reason(error)}")


def stretches(path: Path, rows: int) -> Iterator[Stretch]:
    """Divide a dataset into stretches of ``rows`` rows; a gzipped one stays whole.

    Of JSON Lines this reads the file once, of Parquet its footer.

    :raises OSError: it cannot be read.
    """
    suffix = path.name.lower()
    if suffix.endswith(GZIPPED):
        yield ALL
    elif suffix.endswith(PARQUET):
        yield from _parquet_stretches(path, rows)
    else:
        with path.open("rb") as file:
            first = start = at = number = 0
            for number, line in enumerate(file, start=1):
                at += len(line)
                if number - first == rows:
                    yield Stretch(first, rows, start)
                    first, start = number, at
            if number > first:
                yield Stretch(first, number - first, start)


def _lines(path: Path, name: str, stretch: Stretch) -> Iterator[Row | InputError]:
    zipped = path.name.lower().endswith(GZIPPED)
    number = stretch.first
    with path.open("rb") as file:
        lines = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if zipped else file
        lines.seek(stretch.offset)
        position = stretch.offset
        try:
            for number, line in enumerate(lines, start=stretch.first + 1):
                if stretch.rows is not None and number > stretch.first + stretch.rows:
                    return
                at = file.tell() if zipped else position + len(line)
                if number == 1:
                    line = line.removeprefix(_BOM)
                if line.strip():
                    yield _row(line, at - position, f"{name}:{number}")
                position = at
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield InputError(f"{name}: damaged after line {number} ({error}): copy it anew")


def _row(line: bytes, size: int, place: str) -> Row | InputError:
    try:
        fields = _decoder.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return InputError(f"{place}: not a JSON object with a text ({error})")
    return _named(fields.text, (fields.id, fields.source, fields.url), size, place)


def _named(text: Any, names: tuple[Any, ...], size: int, place: str) -> Row | InputError:
    if not isinstance(text, str):
        return InputError(f"{place}: no text in this row")
    if (nul := text.find("\0")) >= 0:
        return InputError(f"{place}: NUL at character {nul}: this is binary data, not text")
    return Row(next(filter(None, map(_name, names)), place), text, size)


def _name(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _parquet_rows(path: Path, name: str, stretch: Stretch) -> Iterator[Row | InputError]:
    import pyarrow

    try:
        with _parquet(path) as file:
            columns = [one for one in ("text", *NAMES) if one in file.schema_arrow.names]
            if "text" not in columns:
                held = ", ".join(file.schema_arrow.names)
                yield InputError(f"{name}: no column text, only {held}")
                return
            size = path.stat().st_size // max(file.metadata.num_rows, 1)
            groups = list(range(stretch.offset, file.num_row_groups))
            skipped, number = stretch.within, stretch.first
            last = None if stretch.rows is None else number + stretch.rows
            for batch in file.iter_batches(READ_AT_ONCE, groups, columns):
                for row in _values(batch.slice(skipped)):
                    if number == last:
                        return
                    number += 1
                    place = f"{name}:{number}"
                    if row is None:
                        yield InputError(f"{place}: not UTF-8: write the row anew")
                        continue
                    names = tuple(row.get(column) for column in NAMES)
                    yield _named(row["text"], names, size, place)
                skipped = max(skipped - batch.num_rows, 0)
    except pyarrow.ArrowException as error:
        yield InputError(f"{name}: not a Parquet file ({_first_line(error)})")


def _values(batch: RecordBatch) -> Iterator[dict[str, Any] | None]:
    """Read rows as values; none in place of one whose strings are not UTF-8."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        if batch.num_rows == 1:
            yield None
        else:
            for number in range(batch.num_rows):
                yield from _values(batch.slice(number, 1))


def _parquet_stretches(path: Path, rows: int) -> Iterator[Stretch]:
    import pyarrow

    try:
        with _parquet(path) as file:
            first = 0
            for group in range(file.num_row_groups):
                held = file.metadata.row_group(group).num_rows
                for within in range(0, held, rows):
                    yield Stretch(first + within, min(rows, held - within), group, within)
                first += held
    except pyarrow.ArrowException:
        yield ALL  # reading it says what is wrong


def _parquet(path: Path) -> ParquetFile:
    from pyarrow.parquet import ParquetFile

    path.stat()  # what pyarrow says of a file that is not there is long
    return ParquetFile(path, buffer_size=BUFFER)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
