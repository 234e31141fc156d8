"""A batch in blocks: which rows are in which, and the part of the output that each has made.

``OUT.parts`` beside OUT holds, for each block that is done, ``NUMBER.jsonl`` with its stories and
``NUMBER.json`` with what is to be known of it, written last; and ``run.json``, what they all depend
on. Blocks can be done in any order, by anyone who sees the folder, and more than once; ``lock`` is
held by the one call that hands them out.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.batch.target import join_parts
from pipeline.inputs import printable
from pipeline.journal import JournalError, locked
from pipeline.labeller import Labeller
from pipeline.render.formats import JsonlWriter
from pipeline.render.sink import open_sink
from pipeline.rows import ALL, Stretch, read_rows, stretches
from pipeline.store.atomic import write_bytes


class Block(Struct, frozen=True):
    """Rows of a dataset that are labelled together. ``name`` is what the call named its file."""

    number: int
    name: str
    path: str
    stretch: Stretch


class Outcome(Struct, frozen=True):
    """What became of a block: how many inputs it had, and the messages of those that failed."""

    inputs: int
    failed: tuple[str, ...] = ()


class _Run(Struct, frozen=True):
    run: dict[str, str]
    inputs: tuple[tuple[str, int, int], ...]  # name, bytes, time of change


class Parts:
    """The folder with the parts of an output."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output.with_name(f"{output.name}.parts")

    def story_file(self, number: int) -> Path:
        """Return where the stories of a block are."""
        return self.folder / f"{number:08}.jsonl"

    def outcome(self, number: int) -> Outcome | None:
        """Return what became of a block, if it is done."""
        try:
            data = (self.folder / f"{number:08}.json").read_bytes()
        except FileNotFoundError:
            return None
        return msgspec.json.decode(data, type=Outcome)

    def begun(self) -> bool:
        """Tell whether any block is done."""
        return any(path.stem.isdigit() for path in self.folder.glob("*.json"))

    def tried(self, block: Block) -> int:
        """Note that a worker begins a block; return how many have, it included."""
        path = self.folder / f"{block.number:08}.tries"
        with path.open("ab") as file:
            file.write(b".")
        return path.stat().st_size

    def do(self, block: Block, labeller: Labeller) -> None:
        """Label the rows of a block, unless that is done."""
        if self.outcome(block.number) is not None:
            return
        inputs = 0
        failed: list[str] = []
        rows = read_rows(Path(block.path), block.stretch, block.name)
        with open_sink(self.story_file(block.number)) as sink, labeller.all(rows) as results:
            writer = JsonlWriter(sink)
            for done in results:
                inputs += 1
                if (failure := done.write(writer)) is not None:
                    failed.append(failure)
        outcome = Outcome(inputs, tuple(failed))
        write_bytes(self.folder / f"{block.number:08}.json", msgspec.json.encode(outcome))

    def join(self, blocks: Sequence[Block]) -> None:
        """Put the output in place, all blocks being done; remove the folder."""
        join_parts((self.story_file(block.number) for block in blocks), self.output)
        shutil.rmtree(self.folder)


def plan(files: Sequence[Path], rows: int) -> Iterator[Block]:
    """Divide datasets into blocks of ``rows`` rows, in order; a gzipped one is one block."""
    number = 0
    for file in files:
        name, path = printable(str(file)), str(file.resolve())
        try:
            found = list(stretches(file, rows))
        except OSError:
            found = [ALL]  # reading it says what is wrong
        for stretch in found:
            yield Block(number, name, path, stretch)
            number += 1


@contextlib.contextmanager
def open_parts(output: Path, run: Mapping[str, str], files: Sequence[Path]) -> Iterator[Parts]:
    """Begin the parts of an output, or go on with those that are there.

    :raises JournalError: they are of another run or of other inputs, or another process is at work
        on them.
    """
    parts = Parts(output.resolve())
    parts.folder.mkdir(parents=True, exist_ok=True)
    header = parts.folder / "run.json"
    now = _Run(dict(run), tuple(_identity(file) for file in files))
    with (parts.folder / "lock").open("ab") as lock, locked(lock, output):
        if header.exists():
            _compare(_read(header, parts), now, parts)
        else:
            write_bytes(header, msgspec.json.encode(now))
        for tries in parts.folder.glob("*.tries"):
            tries.unlink()
        try:
            yield parts
        except BaseException:
            if not parts.begun():
                shutil.rmtree(parts.folder)
            raise


def _identity(file: Path) -> tuple[str, int, int]:
    status = file.stat()
    return printable(str(file)), status.st_size, status.st_mtime_ns


def _read(header: Path, parts: Parts) -> _Run:
    try:
        return msgspec.json.decode(header.read_bytes(), type=_Run)
    except msgspec.MsgspecError as error:
        raise JournalError(f"{header} is damaged: {_remedy(parts)}") from error


def _compare(then: _Run, now: _Run, parts: Parts) -> None:
    for key in sorted({*then.run, *now.run}):
        was: Any = then.run.get(key)
        if was != now.run.get(key):
            raise JournalError(
                f"{parts.output} was begun with {key} {was}, not {now.run.get(key)}: "
                f"call it as then, or {_remedy(parts)}"
            )
    if then.inputs != now.inputs:
        raise JournalError(
            f"{parts.output}: the inputs are not those of the run that was broken off: "
            f"give the same, or {_remedy(parts)}"
        )


def _remedy(parts: Parts) -> str:
    return f"remove {parts.folder} to start again"
