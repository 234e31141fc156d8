"""Inputs, one by one: read, labelled a core each, and handed on with what became of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from pipeline.console import internal, working
from pipeline.errors import BroadsheetError
from pipeline.inputs import InputError
from pipeline.journal import Identity, identity_of
from pipeline.listing import Item
from pipeline.processes import Crew
from pipeline.records import Document
from pipeline.render.formats import Writer
from pipeline.threads import AHEAD, VARIABLE, ahead, in_order, long_turns

Label = Callable[[str, str], Document]  # text, source
FEW = 8  # inputs a process: with fewer, starting it (about a second) takes longer than it saves


class Read(NamedTuple):
    """An input that has been read: what it was then, and its text or why it has none."""

    item: Item
    identity: Identity
    text: str = ""
    failure: str | None = None


class Answer(NamedTuple):
    """What was found in a text, or why that failed."""

    document: Document | None = None
    failure: str | None = None


class Done(NamedTuple):
    """What became of an input: its document, or why it failed."""

    read: Read
    document: Document | None = None
    failure: str | None = None

    def write(self, writer: Writer) -> str | None:
        """Write what was found; return why the input failed, if it did."""
        if self.document is not None:
            writer.add(self.document, self.read.text)
        return self.failure


class WorkerError(BroadsheetError):
    """A process that labels has died, or could not do its part; what is done stays."""


class Labeller:
    """Labels inputs, a core each; the models are loaded when the first text has been read.

    :param load: makes what labels a text.
    :param debug: lets internal errors through.
    :param processes: where there are more than :data:`FEW` inputs for each of so many processes,
        these label them, each with models of its own, and ``load`` must be picklable; else threads
        of this process do.
    """

    def __init__(
        self,
        load: Callable[[], Label],
        debug: bool = False,
        spinner: bool = False,
        processes: int = 1,
    ) -> None:
        self._load = load
        self._debug = debug
        self._spinner = spinner
        self._processes = processes
        self._label: Label | None = None

    @contextmanager
    def all(self, items: Iterable[Item]) -> Iterator[Iterator[Done]]:
        """Yield what became of each input, in order, inside a ``with``; a few are read ahead.

        :raises BroadsheetError: the models cannot be loaded, or a process has died.
        """
        if self._processes > 1:
            first, items = _beginning(items, FEW * self._processes)
            if len(first) == FEW * self._processes:
                start = partial(_answering, self._load, self._debug)
                with closing(Crew[tuple[str, str], Answer](start, self._processes)) as crew:
                    yield self._among(crew, items)
                return
        with long_turns(), closing(in_order(self._done, map(self._opened, items))) as results:
            yield results

    def _among(self, crew: Crew[tuple[str, str], Answer], items: Iterable[Item]) -> Iterator[Done]:
        reads: deque[Read] = deque()

        def begun(item: Item) -> Future[Answer]:
            read = _read(item)
            if read.failure is None:
                answer = crew.begin((read.text, _source(item)))
            else:
                answer = Future()
                answer.set_result(Answer(failure=read.failure))
            reads.append(read)
            return answer

        try:
            for answer in ahead(begun, items, AHEAD * self._processes):
                yield Done(reads.popleft(), *answer)
        except BrokenProcessPool as error:
            raise WorkerError(
                "a process that labels was killed, for want of memory perhaps: call it with "
                f"fewer, as in {VARIABLE}=1; --resume goes on with what is done"
            ) from error

    def _opened(self, item: Item) -> Read:
        read = _read(item)
        if read.failure is None and self._label is None:
            with working("loading the models", self._spinner):
                self._label = self._load()
        return read

    def _done(self, read: Read) -> Done:
        if read.failure is not None:
            return Done(read, failure=read.failure)
        assert self._label is not None
        return Done(read, *_answer(self._label, self._debug, (read.text, _source(read.item))))


def _beginning(items: Iterable[Item], count: int) -> tuple[list[Item], Iterator[Item]]:
    """Take the first items; return them, and all of them. A fault of one keeps its turn."""
    waiting = iter(items)
    first: list[Item] = []
    try:
        first.extend(islice(waiting, count))
    except Exception as error:
        waiting = _failing(error)
    return first, chain(first, waiting)


def _failing(error: Exception) -> Iterator[Item]:
    raise error
    yield


def _source(item: Item) -> str:
    return "" if isinstance(item, InputError) else item.source


def _read(item: Item) -> Read:
    identity = identity_of(item)  # before the text: if that changes meanwhile, it shows
    if isinstance(item, InputError):
        return Read(item, identity, failure=str(item))
    try:
        return Read(item, identity, item.read())
    except InputError as error:
        return Read(item, identity, failure=str(error))


def _answering(load: Callable[[], Label], debug: bool) -> Callable[[tuple[str, str]], Answer]:
    return partial(_answer, load(), debug)


def _answer(label: Label, debug: bool, asked: tuple[str, str]) -> Answer:
    text, source = asked
    try:
        return Answer(label(text, source))
    except BroadsheetError as error:
        return Answer(failure=f"{source}: {error}")
    except Exception as error:
        if debug or isinstance(error, CancelledError):
            raise
        return Answer(failure=f"{source}: {internal(error)}")
