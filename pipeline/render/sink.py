"""Where results go: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


@contextlib.contextmanager
def open_sink(output: Path | None, data: bool = True) -> Iterator[TextIO]:
    """Open standard output (``None``) or a file for text, its line ends as written.

    ``data`` is UTF-8 whatever the locale says; what is for reading keeps the encoding of the
    terminal, with ``?`` for what it cannot show. A file is written beside itself and put in place
    at the end; if anything fails, what was there before stays. A device or a pipe (``/dev/null``)
    is written to directly.

    :raises OSError: standard output is closed, or the file's folder cannot be written to.
    """
    if output is None:
        yield _stdout(data)
        sys.stdout.flush()
    elif output.exists() and not output.is_file():
        with output.open("w", encoding="utf-8", newline="") as file:
            yield file
    else:
        with _replacing(output.resolve()) as file:
            yield file


def _stdout(data: bool) -> TextIO:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        if data:
            sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="")
        else:
            sys.stdout.reconfigure(errors="replace")
    return sys.stdout


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
