"""What a batch ends in: JSON Lines, or Parquet with a row a story and the same fields."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline.errors import UsageError
from pipeline.journal import Publish
from pipeline.store.atomic import put_in_place, replacing

if TYPE_CHECKING:
    from pyarrow import Schema

STORIES_A_GROUP = 1000  # rows of a row group; the file does not depend on who made the stories


def publisher(output: Path) -> Publish:
    """Return what makes ``output`` of one finished file of JSON Lines.

    :raises UsageError: its name ends in neither .jsonl nor .parquet.
    """
    if output.suffix.lower() == ".jsonl":
        return put_in_place
    if output.suffix.lower() == ".parquet":
        return lambda part, target: write_parquet([part], target)
    raise UsageError(f"{output}: let the output end in .jsonl or .parquet")


def join_parts(parts: Iterable[Path], output: Path) -> None:
    """Make ``output`` of files of JSON Lines, one after the other; it is there whole or not."""
    if output.suffix.lower() == ".parquet":
        write_parquet(parts, output)
        return
    with replacing(output) as file:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, file)


def write_parquet(parts: Iterable[Path], output: Path) -> None:
    """Write stories as Parquet, :data:`STORIES_A_GROUP` in memory at a time."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    schema = story_schema()
    with (
        replacing(output) as file,
        ParquetWriter(file, schema, compression="zstd") as writer,
    ):
        for group in _groups(parts):
            writer.write_table(pyarrow.Table.from_pylist(group, schema))


def story_schema() -> Schema:
    """Return the columns of the Parquet file: the fields of a line, in their order."""
    import pyarrow as pa

    text, whole, score = pa.string(), pa.int64(), pa.float64()
    span = [("start", whole), ("end", whole)]
    named = [("name", text), ("score", score)]
    evidence = ("evidence", pa.list_(pa.struct(span)))

    def rows_of(*fields: tuple[str, Any]) -> Any:
        return pa.list_(pa.struct(list(fields)))

    return pa.schema(
        [
            ("source", text),
            ("index", whole),
            *span,
            ("text", text),
            ("kind", text),
            ("headline", text),
            ("kicker", text),
            ("truncated", pa.bool_()),
            ("same_as", whole),
            ("boundary", score),
            ("parts", rows_of(*span, ("role", text))),
            ("topics", rows_of(("id", text), *named)),
            ("countries", rows_of(("code", text), *named, evidence)),
            ("regions", rows_of(("code", text), *named)),
            ("uncertain", pa.bool_()),
        ]
    )


def _groups(parts: Iterable[Path]) -> Iterator[list[Any]]:
    group: list[Any] = []
    for part in parts:
        with part.open("rb") as file:
            for line in file:
                group.append(msgspec.json.decode(line))
                if len(group) == STORIES_A_GROUP:
                    yield group
                    group = []
    if group:
        yield group
