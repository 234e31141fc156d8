"""Many inputs to one output: read each, label it, write it, and carry on past those that fail."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from pipeline.console import internal, is_terminal, progress, say, working
from pipeline.errors import BroadsheetError, UsageError
from pipeline.inputs import STDIN, InputError
from pipeline.journal import Publish, open_work, put_in_place
from pipeline.listing import Item, extent, find_inputs
from pipeline.reading import Sample
from pipeline.records import Document
from pipeline.render.formats import Format, JsonlWriter, JsonWriter, Writer, writer_for
from pipeline.render.report import HtmlWriter
from pipeline.render.sink import open_sink
from pipeline.render.table import TableWriter
from pipeline.threads import in_order

if TYPE_CHECKING:
    from typing import TextIO

    from pipeline.classify import Classifier

Label = Callable[[str, str], Document]  # text, source
_BY_SUFFIX: dict[str, Format] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
}
_LINEWISE = ("jsonl", "csv")  # formats of which a beginning can be kept


class Resumable(Struct, frozen=True):
    """That work may be broken off and gone on with.

    ``run`` is what the results depend on beside the inputs; ``publish`` makes the output of the
    finished part.
    """

    run: Mapping[str, str]
    publish: Publish = put_in_place


class Job(Struct, frozen=True):
    """One call of a command: what to read, where the results go and how.

    ``labels`` is false where stories are only cut.
    """

    name: str
    paths: Sequence[str]
    output: Path | None = None
    format: Format | None = None
    quiet: bool = False
    debug: bool = False
    labels: bool = True
    resumable: Resumable | None = None


class Done(NamedTuple):
    """What became of an input: its text and its document, or why it failed."""

    item: Item
    text: str = ""
    document: Document | None = None
    failure: str | None = None

    def write(self, writer: Writer) -> str | None:
        """Write what was found; return why the input failed, if it did."""
        if self.document is not None:
            writer.add(self.document, self.text)
        return self.failure


class Labeller:
    """Labels inputs, a core each; the models are loaded when the first text has been read.

    :param load: makes what labels a text.
    :param debug: lets internal errors through.
    """

    def __init__(
        self, load: Callable[[], Label], debug: bool = False, spinner: bool = False
    ) -> None:
        self._load = load
        self._debug = debug
        self._spinner = spinner
        self._label: Label | None = None
        self._loading = threading.Lock()

    def all(self, items: Iterable[Item]) -> Iterator[Done]:
        """Yield what became of each input, in order; a few are read ahead.

        :raises BroadsheetError: the models cannot be loaded.
        """
        return in_order(self._done, map(_read, items))

    def _done(self, read: tuple[Item, str | InputError]) -> Done:
        item, text = read
        if isinstance(item, InputError) or isinstance(text, InputError):
            return Done(item, failure=str(text))
        label = self._loaded()
        try:
            return Done(item, text, label(text, item.source))
        except BroadsheetError as error:
            return Done(item, failure=f"{item.source}: {error}")
        except Exception as error:
            if self._debug:
                raise
            return Done(item, failure=f"{item.source}: {internal(error)}")

    def _loaded(self) -> Label:
        with self._loading:
            if self._label is None:
                with working("loading the models", self._spinner):
                    self._label = self._load()
            return self._label


def _read(item: Item) -> tuple[Item, str | InputError]:
    if isinstance(item, InputError):
        return item, item
    try:
        return item, item.read()
    except InputError as error:
        return item, error


def run_job(job: Job, load: Callable[[], Label]) -> int:
    """Do every input of a job, a core each, in bounded memory; results come in order.

    :param load: makes what labels a text; called once, when the first text has been read.
    :returns: how many inputs failed; each has been named on standard error.
    :raises UsageError: there is no input, or the job cannot be resumed as it was asked.
    :raises BroadsheetError: the models cannot be loaded.
    :raises OSError: the output cannot be written.
    """
    paths = job.paths or _piped(job.name)
    kind = chosen_format(job)
    chatty = not job.quiet and is_terminal(sys.stderr)
    on_screen = job.output is None and is_terminal(sys.stdout)
    labeller = Labeller(load, job.debug, chatty and on_screen)
    shown = chatty and not on_screen
    if job.resumable is not None:
        return _resumed(job, job.resumable, paths, kind, labeller, shown)
    failed = 0
    with (
        open_sink(job.output, data=kind != "table") as sink,
        _inputs(paths, shown) as items,
    ):
        writer = _writer(job, kind, sink, on_screen, paths)
        for done in labeller.all(items):
            if (failure := done.write(writer)) is not None:
                failed += 1
                say(job.name, failure)
        writer.close()
    return failed


def chosen_format(job: Job) -> Format:
    """Return the format asked for, or the output file's, or table on a terminal, else jsonl."""
    if job.format is not None:
        return job.format
    if job.output is not None:
        return _BY_SUFFIX.get(job.output.suffix.lower(), "jsonl")
    return "table" if is_terminal(sys.stdout) else "jsonl"


def classifying(
    open_models: Callable[[Path], Classifier],
    models: Path,
    no_split: bool = False,
    min_score: float | None = None,
    min_boundary: float | None = None,
) -> Label:
    """Open models; return what cuts and labels a text with them."""
    return partial(
        open_models(models).document,
        split=not no_split,
        min_score=min_score,
        min_boundary=min_boundary,
    )


def cut_document(
    classifier: Classifier, text: str, source: str, min_boundary: float | None = None
) -> Document:
    """Cut ``text`` into stories without labelling them; topics and places stay empty."""
    from pipeline.classify import unlabelled

    cut = classifier.segmenter.cut(text, classifier.encoder, min_boundary=min_boundary)
    stories = tuple(unlabelled(i, Sample(text, story)) for i, story in enumerate(cut.stories))
    return Document(source, stories, cut.residue, round(cut.single, 6))


def _resumed(
    job: Job,
    resumable: Resumable,
    paths: Sequence[str],
    kind: Format,
    labeller: Labeller,
    shown: bool,
) -> int:
    output = job.output
    if output is None or kind not in _LINEWISE or (output.exists() and not output.is_file()):
        raise UsageError("--resume needs a file to go on with: -o FILE.jsonl or -o FILE.csv")
    if STDIN in paths:
        raise UsageError("--resume cannot read standard input again: name files or folders")
    failed = 0
    run = {**resumable.run, "format": kind}
    with open_work(output, run, resumable.publish) as work, _inputs(paths, shown) as items:
        if work.last.inputs and not job.quiet:
            say(job.name, f"{output}: going on after {work.last.inputs} inputs")
        for message in work.failures():
            failed += 1
            say(job.name, message)
        writer = _writer(job, kind, work.sink, False, paths, work.last.bytes > 0)
        for done in labeller.all(work.rest(items)):
            if (failure := done.write(writer)) is not None:
                failed += 1
                say(job.name, failure)
            work.done(done.item, failure)
        writer.close()
    return failed


@contextlib.contextmanager
def _inputs(paths: Sequence[str], shown: bool) -> Iterator[Iterator[Item]]:
    """Find the inputs, with a bar that says which one has been begun."""
    total = extent(paths) if shown else None
    if total is None or total == (1, False):
        yield find_inputs(paths)
        return
    with progress(*total) as step:

        def stepping() -> Iterator[Item]:
            for item in find_inputs(paths):
                step("" if isinstance(item, InputError) else item.source, total.of(item))
                yield item

        yield stepping()


def _piped(name: str) -> list[str]:
    if sys.stdin is None or is_terminal(sys.stdin):
        raise UsageError(f"no input: name a file or a folder, or pipe text in; see `{name} -h`")
    return [STDIN]


def _writer(
    job: Job,
    kind: Format,
    sink: TextIO,
    on_screen: bool,
    paths: Sequence[str],
    begun: bool = False,
) -> Writer:
    if kind == "table":
        return TableWriter(sink, on_screen, job.labels)
    if kind == "html":
        return HtmlWriter(sink, job.labels, sum(1 for _ in find_inputs(paths)))
    if job.labels:
        return writer_for(kind, sink, begun)
    if kind == "csv":
        raise UsageError("csv needs labels: use html, json, jsonl or table")
    return (JsonWriter if kind == "json" else JsonlWriter)(sink, labels=False)
