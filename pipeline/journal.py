"""Work that can be broken off at any moment and gone on with: an unfinished file and its journal.

``OUT.part`` beside OUT takes the results as they come. ``OUT.journal`` says, a line a commit, how
many inputs are done, how many bytes of ``OUT.part`` are theirs, and the digest of what they were; a
commit follows the bytes it speaks of to the disk. What ``OUT.part`` holds beyond its last commit is
cut off when work goes on. At the end OUT is put in place and both are removed: whoever finds OUT
finds it whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TextIO

import msgspec
from msgspec import Struct

from pipeline.errors import BroadsheetError
from pipeline.inputs import InputError
from pipeline.listing import Item
from pipeline.store.atomic import put_in_place, sync_folder

FORMAT = 1
SECONDS = 1.0  # between two commits
Publish = Callable[[Path, Path], None]  # the finished part, OUT
Identity = tuple[str | int, ...]  # of an input: changes if that does


class JournalError(BroadsheetError):
    """Work cannot be gone on with; the message says why and what to do."""


class Header(Struct, frozen=True):
    """The first line of a journal. ``run`` is what the results depend on beside the inputs."""

    journal: int
    run: dict[str, str]


class Commit(Struct, frozen=True, omit_defaults=True):
    """A line of a journal: so far is done.

    ``failed`` has the messages of the inputs that failed since the line before; ``end`` is true
    when all is done.
    """

    inputs: int = 0
    bytes: int = 0
    digest: str = ""
    failed: tuple[str, ...] = ()
    end: bool = False


class Work:
    """An unfinished output. ``sink`` takes the results; ``last`` is the commit to go on from."""

    def __init__(self, journal: IO[bytes], sink: TextIO, last: Commit, names: _Names) -> None:
        self.sink = sink
        self.last = last
        self._journal = journal
        self._names = names
        self._inputs = 0
        self._digest = hashlib.sha256()
        self._failed: list[str] = []
        self._time = time.monotonic()

    def failures(self) -> Iterator[str]:
        """Yield the messages of the inputs that failed before work was broken off."""
        for commit in _read(self._names)[1]:
            yield from commit.failed

    def rest(self, items: Iterable[Item], passed: Callable[[Item], None]) -> Iterator[Item]:
        """Yield the inputs that are still to do.

        :param passed: is called with each that is done already.
        :raises JournalError: those that are done are no longer what they were.
        """
        if self.last.end:
            return
        waiting = iter(items)
        while self._inputs < self.last.inputs:
            item = next(waiting, None)
            if item is None:
                break
            self._count(identity_of(item))
            passed(item)
        if (self._inputs, self._hex()) != (self.last.inputs, self.last.digest or self._hex()):
            raise JournalError(
                f"{self._names.output}: the first {self.last.inputs} inputs are not those of the "
                f"run that was broken off: give the same, or {self._names.remedy}"
            )
        yield from waiting

    def done(self, identity: Identity, failure: str | None = None) -> None:
        """Count one input as done, its results written; commit if it is time.

        :param identity: what it was when it was read.
        """
        self._count(identity)
        if failure is not None:
            self._failed.append(failure)
        if time.monotonic() - self._time >= SECONDS:
            self.commit()

    def commit(self, end: bool = False) -> None:
        """Bring results and journal to the disk, in this order."""
        self.sink.flush()
        os.fsync(self.sink.fileno())
        size = os.fstat(self.sink.fileno()).st_size
        _append(self._journal, Commit(self._inputs, size, self._hex(), tuple(self._failed), end))
        self._failed.clear()
        self._time = time.monotonic()

    def _count(self, identity: Identity) -> None:
        self._digest.update(msgspec.json.encode(identity) + b"\n")
        self._inputs += 1

    def _hex(self) -> str:
        return self._digest.hexdigest()


def identity_of(item: Item) -> Identity:
    """Return what changes if an input does."""
    return (str(item),) if isinstance(item, InputError) else item.identity()


class _Names:
    def __init__(self, output: Path) -> None:
        self.output = output
        self.part = output.with_name(f"{output.name}.part")
        self.journal = output.with_name(f"{output.name}.journal")
        self.remedy = f"remove {self.part} and {self.journal} to start again"


def unfinished(output: Path) -> bool:
    """Tell whether work on ``output`` has been broken off."""
    return _Names(output.resolve()).journal.exists()


@contextlib.contextmanager
def locked(file: IO[bytes], output: Path) -> Iterator[None]:
    """Keep other processes from the work on ``output`` while ``file``, its journal, is open.

    :raises JournalError: another process is at work on it.
    """
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # pragma: no cover  (Windows has no such lock)
        pass
    except OSError as error:
        raise JournalError(
            f"{output} is being written by another process: wait for it, or stop it"
        ) from error
    yield


@contextlib.contextmanager
def open_work(
    output: Path, run: Mapping[str, str], publish: Publish = put_in_place
) -> Iterator[Work]:
    """Begin an output, or go on with one that was broken off; put it in place at the end.

    If anything fails inside, what is done stays, to be gone on with.

    :param run: what the results depend on beside the inputs: models, options.
    :param publish: makes the output of the finished part.
    :raises JournalError: the run that was broken off was another one, its files are damaged, or
        another process is at work on them.
    """
    names = _Names(output.resolve())
    names.output.parent.mkdir(parents=True, exist_ok=True)
    with names.journal.open("ab") as journal, locked(journal, names.output):
        last = _go_on(journal, names, dict(run))
        if last.end and not names.part.exists():
            yield Work(journal, io.StringIO(), last, names)
        else:
            with names.part.open("ab") as part:
                _cut_back(part, last, names)
                sink = io.TextIOWrapper(part, encoding="utf-8", newline="", write_through=True)
                work = Work(journal, sink, last, names)
                try:
                    yield work
                except BaseException:
                    _discard_if_empty(names)
                    raise
                if not last.end:
                    work.commit(end=True)
                sink.close()
            publish(names.part, names.output)
            names.part.unlink(missing_ok=True)
            sync_folder(names.output.parent)
        names.journal.unlink(missing_ok=True)


def _go_on(journal: IO[bytes], names: _Names, run: dict[str, str]) -> Commit:
    """Return the last commit; begin the journal if it is new."""
    header, commits = _read(names)
    if header is None:
        if names.part.exists():
            names.journal.unlink()
            raise JournalError(f"{names.part} is in the way, without its journal: remove it")
        journal.truncate(0)
        _append(journal, Header(FORMAT, run))
        sync_folder(names.output.parent)
        return Commit()
    if header.run != run:
        key = next(k for k in sorted({*header.run, *run}) if header.run.get(k) != run.get(k))
        raise JournalError(
            f"{names.output} was begun with {key} {header.run.get(key)}, not {run.get(key)}: "
            f"call it as then, or {names.remedy}"
        )
    last = next(iter(deque(commits, maxlen=1)), Commit())
    journal.truncate(_whole_lines(names.journal))
    if last.end and not names.part.exists() and not names.output.exists():
        raise JournalError(f"{names.part} is gone: {names.remedy}")
    return last


def _discard_if_empty(names: _Names) -> None:
    """Remove the files of work that has come to its end before anything was done."""
    if next(_commits(names), None) is None:
        names.part.unlink()
        names.journal.unlink()


def _cut_back(part: IO[bytes], last: Commit, names: _Names) -> None:
    if os.fstat(part.fileno()).st_size < last.bytes:
        raise JournalError(f"{names.part} is shorter than its journal says: {names.remedy}")
    part.truncate(last.bytes)
    part.seek(0, os.SEEK_END)


def _read(names: _Names) -> tuple[Header | None, Iterator[Commit]]:
    """Read a journal up to where a line is torn; no header if there is none, or a torn one."""
    with names.journal.open("rb") as file:
        line = file.readline()
    if not line.endswith(b"\n"):
        return None, iter(())
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.MsgspecError as error:
        raise JournalError(f"{names.journal} is no journal: {names.remedy}") from error
    if header.journal != FORMAT:
        raise JournalError(f"{names.journal} is by another version: {names.remedy}")
    return header, _commits(names)


def _commits(names: _Names) -> Iterator[Commit]:
    decoder = msgspec.json.Decoder(Commit)
    with names.journal.open("rb") as file:
        file.readline()
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                yield decoder.decode(line)
            except msgspec.MsgspecError as error:
                raise JournalError(f"{names.journal} is damaged: {names.remedy}") from error


def _whole_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(len(line) for line in file if line.endswith(b"\n"))


def _append(journal: IO[bytes], record: Struct) -> None:
    journal.write(msgspec.json.encode(record) + b"\n")
    journal.flush()
    os.fsync(journal.fileno())
