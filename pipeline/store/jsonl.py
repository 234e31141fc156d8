"""Records as JSON Lines: one record a line, typed on the way in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from pipeline.errors import CorruptArtifactError
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require

T = TypeVar("T")


def write_records(path: Path, records: Iterable[Any]) -> None:
    """Write one JSON object a line, keys in the order of the record's fields."""
    encode = msgspec.json.encode
    write_bytes(path, b"".join(encode(record) + b"\n" for record in records))


def read_records(path: Path, kind: type[T], command: str = "make repro") -> list[T]:
    """Read records of one type.

    :raises MissingArtifactError: no such file; the message names ``command``.
    :raises CorruptArtifactError: a line is not a record of that type.
    """
    decoder = msgspec.json.Decoder(kind)
    records: list[T] = []
    with require(path, command).open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                records.append(decoder.decode(line))
            except msgspec.MsgspecError as error:
                raise CorruptArtifactError(
                    f"{path}, line {number}: not a {kind.__name__} ({error}); run `{command}`"
                ) from error
    return records
