"""One text that the command line is asked to read: a file, or standard input.

Bytes are decoded as UTF-8 without translating line ends, so that offsets count what is in the
file; a byte-order mark is dropped. Nothing else is guessed: a text in another encoding is refused
with the command that converts it.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Iterable
from errno import ENAMETOOLONG
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import BroadsheetError, UsageError
from pipeline.plain import shortened

STDIN = "-"
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class InputError(BroadsheetError):
    """An input cannot be read; the message names it, says why and what to do."""


class Input(NamedTuple):
    """One text to read: its name in the output, and where it lies (None: standard input)."""

    source: str
    path: Path | None

    @property
    def size(self) -> int:
        """The bytes of its file; 0 where that cannot be told."""
        try:
            return self.path.stat().st_size if self.path else 0
        except OSError:
            return 0

    def identity(self) -> tuple[str | int, ...]:
        """Return what changes if the text does: its name, and its file's size and time."""
        try:
            status = self.path.stat() if self.path else None
        except OSError:
            status = None
        return (self.source, status.st_size, status.st_mtime_ns) if status else (self.source,)

    def read(self) -> str:
        """Read the text, line ends as they are.

        :raises InputError: it is not there, may not be read, is binary or not UTF-8.
        """
        try:
            data = _read_stdin() if self.path is None else self.path.read_bytes()
        except OSError as error:
            if error.errno == ENAMETOOLONG:
                name = shortened(self.source)
                raise InputError(f"{name}: too long for a name: pipe the text in") from error
            raise InputError(f"{self.source}: {reason(error)}") from error
        return decode(data, self.source)


def decode(data: bytes, source: str) -> str:
    """Decode UTF-8 bytes, dropping a byte-order mark; line ends stay as they are.

    :raises InputError: the bytes are not UTF-8, or hold a NUL; says where (0-based, in bytes).
    """
    if data.startswith(_UTF16):
        raise InputError(
            f"{source}: this is UTF-16, not UTF-8: convert it with "
            f"`iconv -f UTF-16 -t UTF-8{_argument(source)}`"
        )
    if (nul := data.find(b"\0")) >= 0:
        raise InputError(f"{source}: NUL at byte {nul}: this is a binary file, not text")
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + (len(_BOM) if data.startswith(_BOM) else 0)
        raise InputError(
            f"{source}: not UTF-8 (byte 0x{data[at]:02X} at offset {at}): convert it, for example "
            f"with `iconv -f WINDOWS-1252 -t UTF-8{_argument(source)}`"
        ) from error


def keep_inputs(output: Path | None, names: Iterable[str], suffixes: tuple[str, ...] = ()) -> None:
    """See that what is written does not take the place of what is read.

    :param names: of files, and of folders whose files with these ``suffixes`` are read.
    :raises UsageError: it would.
    """
    if output is None or not output.is_file():
        return
    target = output.resolve()
    for name in names:
        with contextlib.suppress(OSError):  # reading it says what is wrong
            inside = (
                target.name.lower().endswith(suffixes) and Path(name).resolve() in target.parents
            )
            if inside or output.samefile(name):
                raise UsageError(f"{output} is read here: put the output elsewhere")


def printable(name: str) -> str:
    """Name a file in the output: bytes of its name that are not UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def reason(error: OSError) -> str:
    """Say why a file could not be read or written, in lower case like every message."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def _read_stdin() -> bytes:
    return sys.stdin.buffer.read() if sys.stdin is not None else b""


def _argument(source: str) -> str:
    return f" {shlex.quote(source)}" if source != STDIN else ""
