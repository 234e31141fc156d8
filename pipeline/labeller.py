"""Inputs, one by one: read, labelled a core each, and handed on with what became of each."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from pipeline.console import internal, working
from pipeline.errors import BroadsheetError
from pipeline.inputs import InputError
from pipeline.journal import Identity, identity_of
from pipeline.listing import Item
from pipeline.records import Document
from pipeline.render.formats import Writer
from pipeline.threads import VARIABLE, Beginning, in_order, long_turns

if TYPE_CHECKING:
    from pipeline.processes import Crew

Label = Callable[[str, str], Document]  # text, source
FEW = 8  # inputs a process: with fewer, starting it (about a second) takes longer than it saves
BESIDE = 8  # threads that gain from one another; Python's part of the work is a tenth of it
MEGABYTES = 300  # of a process with its models
Asked = tuple[str, str] | None  # text, source; None of an input that has no text


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
    """A process that labels has died, or could not do its part."""


class Labeller:
    """Labels inputs, a core each; the models are loaded when the first text has been read.

    :param load: makes what labels a text.
    :param debug: lets internal errors through.
    :param processes: in how many processes, each with models of its own, many inputs are labelled:
        :data:`FEW` or more for each, and as many as there is memory for. ``load`` must be picklable
        then. Threads of this process label fewer inputs.
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
        """Yield what became of each input, in order, inside a ``with``; some are taken ahead.

        :raises BroadsheetError: the models cannot be loaded, or a process has died.
        """
        some = Beginning(items, FEW * self._processes if self._processes > 1 else 0)
        if (processes := self._worth(some.size)) > 1:
            from pipeline.processes import Crew

            start = partial(_answering, self._load, self._debug)
            with (
                closing(Crew[Asked, Answer](start, processes)) as crew,
                closing(_among(crew, some)) as results,
            ):
                yield results
            return
        with long_turns(), closing(in_order(self._done, map(self._opened, some))) as results:
            yield results

    def _worth(self, inputs: int) -> int:
        """Return how many processes are worth starting for so many inputs, or more."""
        if inputs < 2 * FEW:
            return 1
        # Here, since it takes a hundredth of a second, which one page need not pay.
        from pipeline.processes import fitting

        processes = fitting(self._processes, MEGABYTES)
        enough = inputs >= FEW * min(processes, BESIDE)
        return min(processes, inputs // FEW) if enough else 1

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
        return Done(read, *_answer(self._label, self._debug, read.text, _source(read.item)))


def _among(crew: Crew[Asked, Answer], items: Iterable[Item]) -> Generator[Done, None, None]:
    from pipeline.processes import DiedError

    reads: deque[Read] = deque()

    def asked() -> Iterator[Asked]:
        for item in items:
            reads.append(read := _read(item))
            yield (read.text, _source(item)) if read.failure is None else None

    try:
        for document, failure in crew.in_order(asked()):
            read = reads.popleft()
            yield Done(read, document, read.failure or failure)
    except DiedError as error:
        if error.code == -signal.SIGKILL:
            less = f"{VARIABLE}=1 or, of a batch, --workers 1"
            why = f", killed for want of memory perhaps: use fewer, as with {less}"
        else:
            why = f", with exit code {error.code}"
        raise WorkerError(f"a process that labels has ended before its time{why}") from error


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


def _answering(load: Callable[[], Label], debug: bool) -> Callable[[Asked], Answer]:
    label = cache(load)
    return lambda asked: Answer() if asked is None else _answer(label(), debug, *asked)


def _answer(label: Label, debug: bool, text: str, source: str) -> Answer:
    try:
        return Answer(label(text, source))
    except BroadsheetError as error:
        return Answer(failure=f"{source}: {error}")
    except Exception as error:
        if debug or isinstance(error, CancelledError):
            raise
        return Answer(failure=f"{source}: {internal(error)}")
