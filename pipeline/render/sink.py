"""Where results go: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from pipeline.store.atomic import replacing


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
        with replacing(output.resolve()) as file:
            sink = io.TextIOWrapper(file, encoding="utf-8", newline="")
            try:
                yield sink
            finally:
                sink.detach()  # what it holds goes to the file


def _stdout(data: bool) -> TextIO:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        if data:
            sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="")
        else:
            sys.stdout.reconfigure(errors="replace")
    return sys.stdout
