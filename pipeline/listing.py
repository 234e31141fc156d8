"""What the paths of a call name: texts, one by one, in order, and how much there is of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.inputs import STDIN, Input, InputError, printable, reason
from pipeline.rows import DATASETS, Row, is_dataset, read_rows

Item = Input | Row | InputError
SUFFIXES = (".txt", ".md")
RUN = 4096  # names of files that are sorted at once


class Extent(NamedTuple):
    """How much there is to read: inputs, or bytes where counting inputs would be reading them."""

    total: int
    in_bytes: bool

    def of(self, item: Item) -> int:
        """Return how much of it one input is."""
        if not self.in_bytes:
            return 1
        return 0 if isinstance(item, InputError) else item.size


def find_inputs(paths: Sequence[str]) -> Iterator[Item]:
    """Find the texts that ``paths`` name, as they are asked for.

    A path is a text file, a dataset (see :mod:`pipeline.rows`), a folder with .txt and .md files,
    or ``-``. Folders are read to the bottom in order of name; hidden files and folders in them are
    passed over, links to folders not followed. What cannot be listed comes as an error in its
    place. Of a folder the names of its files are in memory, packed, and no more.
    """
    for name in paths:
        if name == STDIN:
            yield Input(STDIN, None)
        elif _is_folder(path := Path(name)):
            yield from _in_folder(path)
        elif is_dataset(path):
            yield from read_rows(path)
        else:
            yield Input(printable(name), path)


def find_datasets(name: str) -> list[Path]:
    """Return a dataset, or those of a folder in order of name, hidden ones left out.

    :raises UsageError: there is none.
    :raises OSError: a folder in it cannot be listed.
    """
    path = Path(name)
    kinds = ", ".join(DATASETS)
    if _is_folder(path):
        denied: list[OSError] = []
        found = sorted(file for file in _files(path, DATASETS, denied) if _is_file(file))
        if denied:
            raise denied[0]
        if not found:
            raise UsageError(f"{printable(name)}: no file in this folder ends in {kinds}")
        return found
    if not is_dataset(path):
        raise UsageError(
            f"{printable(name)}: a dataset ends in {kinds}; for texts there is classify"
        )
    if not _is_file(path):
        raise UsageError(f"{printable(name)}: no such file or folder")
    return [path]


def extent(paths: Sequence[str]) -> Extent:
    """Measure what there is to read, by going through folders once; no file is opened."""
    files = [path for name in paths if name != STDIN and is_dataset(path := Path(name))]
    if not any(map(_is_file, files)):
        return Extent(sum(1 for _ in find_inputs(paths)), in_bytes=False)
    others = find_inputs([name for name in paths if Path(name) not in files])
    total = sum(Input("", path).size for path in files)
    return Extent(total + sum(Extent(0, True).of(item) for item in others), in_bytes=True)


def _in_folder(folder: Path) -> Iterator[Item]:
    found = False
    denied: list[OSError] = []
    for path in _files(folder, SUFFIXES, denied):
        try:
            regular = S_ISREG(path.stat().st_mode)
        except FileNotFoundError:  # a link to nowhere
            continue
        except OSError as refused:
            denied.append(refused)
            continue
        if regular:
            found = True
            yield Input(printable(str(path)), path)
    for error in denied:
        yield InputError(f"{printable(str(error.filename))}: {reason(error)}")
    if not found and not denied:
        yield InputError(f"{printable(str(folder))}: no .txt or .md file in this folder")


def _files(folder: Path, suffixes: tuple[str, ...], denied: list[OSError]) -> Iterator[Path]:
    """Go through a folder to the bottom; what may not be listed is added to ``denied``."""
    folders: list[str] = []

    def names() -> Iterator[str]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.name.lower().endswith(suffixes):
                    yield entry.name

    try:
        ordered = in_order(names())
    except OSError as error:
        denied.append(error)
        return
    for name in ordered:
        yield folder / name
    for name in sorted(folders):
        yield from _files(folder / name, suffixes, denied)


def in_order(names: Iterator[str], run: int = RUN) -> Iterator[str]:
    """Sort names of files by their bytes, in little more memory than these take.

    All are read at once; ``run`` names at a time are sorted, packed, and merged as they are asked
    for.
    """
    runs = []
    while ordered := sorted(map(os.fsencode, islice(names, run))):
        runs.append(b"\0".join(ordered))
    return map(os.fsdecode, merge(*map(_unpacked, runs)))


def _unpacked(names: bytes) -> Iterator[bytes]:
    at = 0
    while (end := names.find(b"\0", at)) >= 0:
        yield names[at:end]
        at = end + 1
    yield names[at:]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # it may not be looked at, or the name is too long: reading it says so
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
