"""Many inputs to one output: read each, label it, write it, and carry on past those that fail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from pipeline.console import is_terminal, progress, say
from pipeline.errors import UsageError
from pipeline.inputs import STDIN, InputError, keep_inputs
from pipeline.journal import Publish, open_work
from pipeline.labeller import Label, Labeller, WorkerError
from pipeline.listing import SUFFIXES, Item, extent, find_inputs
from pipeline.reading import Sample
from pipeline.records import Document
from pipeline.render.formats import Format, JsonlWriter, JsonWriter, Writer, writer_for
from pipeline.render.report import HtmlWriter
from pipeline.render.sink import open_sink
from pipeline.render.table import TableWriter
from pipeline.store.atomic import put_in_place

if TYPE_CHECKING:
    from typing import TextIO

    from pipeline.classify import Classifier
    from pipeline.sections import Level

_BY_SUFFIX: dict[str, Format] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
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

    ``labels`` is false where texts are only cut, at ``level``. ``processes`` is in how many of them
    many inputs are labelled.
    """

    name: str
    paths: Sequence[str]
    output: Path | None = None
    format: Format | None = None
    quiet: bool = False
    debug: bool = False
    labels: bool = True
    level: Level = "story"
    resumable: Resumable | None = None
    processes: int = 1


def run_job(job: Job, load: Callable[[], Label]) -> int:
    """Do every input of a job, a core each, in bounded memory; results come in order.

    :param load: makes what labels a text; called when the first text has been read, once, or in
        each process of several.
    :returns: how many inputs failed; each has been named on standard error.
    :raises UsageError: there is no input, or the job cannot be resumed as it was asked.
    :raises BroadsheetError: the models cannot be loaded, or a process that labels has died.
    :raises OSError: the output cannot be written.
    """
    paths = job.paths or _piped(job.name)
    if "" in paths:  # which would be the folder at hand
        raise UsageError("an input has no name: name a file or a folder, or leave it out")
    keep_inputs(job.output, paths, SUFFIXES)
    kind = chosen_format(job)
    chatty = not job.quiet and is_terminal(sys.stderr)
    on_screen = job.output is None and is_terminal(sys.stdout)
    labeller = Labeller(load, job.debug, chatty and on_screen, job.processes)
    shown = chatty and not on_screen
    if job.resumable is not None:
        return _resumed(job, job.resumable, paths, kind, labeller, shown)
    failed = 0
    with (
        open_sink(job.output, data=kind != "table") as sink,
        _progress(paths, shown) as step,
        labeller.all(find_inputs(paths)) as results,
    ):
        writer = _writer(job, kind, sink, on_screen, paths)
        for done in results:
            if (failure := done.write(writer)) is not None:
                failed += 1
                say(job.name, failure)
            step(done.read.item)
        writer.close()
    return failed


def chosen_format(job: Job) -> Format:
    """Return the format asked for, or the output file's, or table on a terminal, else jsonl.

    :raises UsageError: the name of the output file ends in that of none.
    """
    if job.format is not None:
        return job.format
    if job.output is not None:
        suffix = job.output.suffix.lower()
        if suffix and suffix not in _BY_SUFFIX:
            known = ", ".join(_BY_SUFFIX)
            raise UsageError(
                f"{job.output}: what is {suffix}? Let it end in one of {known}, or name a --format"
            )
        return _BY_SUFFIX.get(suffix, "jsonl")
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


def cutting(
    open_models: Callable[[Path], Classifier],
    models: Path,
    level: Level = "story",
    min_boundary: float | None = None,
) -> Label:
    """Open models; return what cuts a text into stories or sections, without topics and places.

    :raises MissingArtifactError: sections are asked for, and the models have none.
    """
    classifier = open_models(models)
    if level == "section":
        classifier.section_model()  # before a text is cut
    return partial(_cut, classifier, level, min_boundary)


def _cut(
    classifier: Classifier, level: Level, min_boundary: float | None, text: str, source: str
) -> Document:
    from pipeline.classify import unlabelled

    cut = classifier.cut(text, level, min_boundary)
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
    with open_work(output, run, resumable.publish) as work, _progress(paths, shown) as step:
        if work.last.inputs and not job.quiet:
            say(job.name, f"{output}: going on after {work.last.inputs} inputs")
        for message in work.failures():
            failed += 1
            say(job.name, message)
        writer = _writer(job, kind, work.sink, False, paths, work.last.bytes > 0)
        try:
            with labeller.all(work.rest(find_inputs(paths), step)) as results:
                for done in results:
                    if (failure := done.write(writer)) is not None:
                        failed += 1
                        say(job.name, failure)
                    work.done(done.read.identity, failure)
                    step(done.read.item)
        except WorkerError as error:
            raise WorkerError(f"{error}; --resume goes on with what is done") from error
        writer.close()
    return failed


@contextmanager
def _progress(paths: Sequence[str], shown: bool) -> Iterator[Callable[[Item], None]]:
    """Show a bar, if there is more than one input; the value is called with each that is done."""
    total = extent(paths) if shown else None
    if total is None or total == (1, False):
        yield lambda item: None
        return
    with progress(*total) as step:

        def of(item: Item) -> None:
            step("" if isinstance(item, InputError) else item.source, total.of(item))

        yield of


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
        return TableWriter(sink, on_screen, job.labels, job.level)
    if kind == "html":
        return HtmlWriter(sink, job.labels, sum(1 for _ in find_inputs(paths)))
    if job.labels:
        return writer_for(kind, sink, begun)
    if kind == "csv":
        raise UsageError("csv needs labels: use html, json, jsonl or table")
    return (JsonWriter if kind == "json" else JsonlWriter)(sink, labels=False)
