"""What the paths of a call name: texts, one by one, in order, and how much there is of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.inputs import STDIN, Input, InputError, printable, reason
from pipeline.rows import DATASETS, Row, is_dataset, read_rows

Item = Input | Row | InputError
SUFFIXES = frozenset({".txt", ".md"})


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
    place. Of a folder the names of its files are in memory, and no more.
    """
    for name in paths:
        if name == STDIN:
            yield Input(STDIN, None)
        elif (path := Path(name)).is_dir():
            yield from _in_folder(path)
        elif is_dataset(path):
            yield from read_rows(path)
        else:
            yield Input(printable(name), path)


def find_datasets(name: str) -> list[Path]:
    """Return a dataset, or those of a folder in order of name, hidden ones left out.

    :raises UsageError: there is none.
    """
    path = Path(name)
    kinds = ", ".join(DATASETS)
    if path.is_dir():
        found = sorted(
            file
            for file in path.rglob("*")
            if is_dataset(file) and file.is_file() and not _hidden(file.relative_to(path))
        )
        if not found:
            raise UsageError(f"{printable(name)}: no file in this folder ends in {kinds}")
        return found
    if not is_dataset(path):
        raise UsageError(
            f"{printable(name)}: a dataset ends in {kinds}; for texts there is classify"
        )
    if not path.is_file():
        raise UsageError(f"{printable(name)}: no such file or folder")
    return [path]


def extent(paths: Sequence[str]) -> Extent:
    """Measure what there is to read, by going through folders once; no file is opened."""
    files = [path for name in paths if name != STDIN and is_dataset(path := Path(name))]
    if not any(path.is_file() for path in files):
        return Extent(sum(1 for _ in find_inputs(paths)), in_bytes=False)
    others = find_inputs([name for name in paths if Path(name) not in files])
    total = sum(Input("", path).size for path in files)
    return Extent(total + sum(Extent(0, True).of(item) for item in others), in_bytes=True)


def _in_folder(folder: Path) -> Iterator[Item]:
    found = False
    denied: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=denied.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files.sort()
        for name in files:
            path = Path(root) / name
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and path.is_file():
                found = True
                yield Input(printable(str(path)), path)
    for error in denied:
        yield InputError(f"{printable(str(error.filename))}: {reason(error)}")
    if not found and not denied:
        yield InputError(f"{printable(str(folder))}: no .txt or .md file in this folder")


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
