"""Many inputs to one output: read each, label it, write it, and carry on past those that fail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from pipeline.console import internal, is_terminal, progress, say, working
from pipeline.errors import BroadsheetError, UsageError
from pipeline.inputs import STDIN, Input, InputError, find_inputs
from pipeline.reading import Sample
from pipeline.records import Document
from pipeline.render.formats import Format, JsonlWriter, JsonWriter, Writer, writer_for
from pipeline.render.report import HtmlWriter
from pipeline.render.sink import open_sink
from pipeline.render.table import TableWriter

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


def run_job(job: Job, load: Callable[[], Label]) -> int:
    """Do every input of a job.

    :param load: makes what labels a text; called once, when the first text has been read.
    :returns: how many inputs failed; each has been named on standard error.
    :raises UsageError: there is no input.
    :raises BroadsheetError: the models cannot be loaded.
    :raises OSError: the output cannot be written.
    """
    inputs = list(find_inputs(job.paths or _piped(job.name)))
    kind = chosen_format(job)
    chatty = not job.quiet and is_terminal(sys.stderr)
    on_screen = job.output is None and is_terminal(sys.stdout)
    label: Label | None = None
    failed = 0
    with (
        open_sink(job.output, data=kind != "table") as sink,
        progress(len(inputs), chatty and not on_screen and len(inputs) > 1) as step,
    ):
        writer = _writer(job, kind, sink, on_screen, len(inputs))
        for item in inputs:
            step(_source(item))
            text = _read(job, item)
            if text is None:
                failed += 1
                continue
            if label is None:
                with working("loading the models", chatty and on_screen):
                    label = load()
            document = _labelled(job, label, text, _source(item))
            if document is None:
                failed += 1
            else:
                writer.add(document, text)
        writer.close()
    return failed


def chosen_format(job: Job) -> Format:
    """Return the format asked for, or the output file's, or table on a terminal, else jsonl."""
    if job.format is not None:
        return job.format
    if job.output is not None:
        return _BY_SUFFIX.get(job.output.suffix.lower(), "jsonl")
    return "table" if is_terminal(sys.stdout) else "jsonl"


def cut_document(
    classifier: Classifier, text: str, source: str, min_boundary: float | None = None
) -> Document:
    """Cut ``text`` into stories without labelling them; topics and places stay empty."""
    from pipeline.classify import unlabelled

    cut = classifier.segmenter.cut(text, classifier.encoder, min_boundary=min_boundary)
    stories = tuple(unlabelled(i, Sample(text, story)) for i, story in enumerate(cut.stories))
    return Document(source, stories, cut.residue, round(cut.single, 6))


def _piped(name: str) -> list[str]:
    if sys.stdin is None or is_terminal(sys.stdin):
        raise UsageError(f"no input: name a file or a folder, or pipe text in; see `{name} -h`")
    return [STDIN]


def _writer(job: Job, kind: Format, sink: TextIO, on_screen: bool, inputs: int) -> Writer:
    if kind == "table":
        return TableWriter(sink, on_screen, job.labels)
    if kind == "html":
        return HtmlWriter(sink, job.labels, inputs)
    if job.labels:
        return writer_for(kind, sink)
    if kind == "csv":
        raise UsageError("csv needs labels: use html, json, jsonl or table")
    return (JsonWriter if kind == "json" else JsonlWriter)(sink, labels=False)


def _source(item: Input | InputError) -> str:
    return item.source if isinstance(item, Input) else ""


def _read(job: Job, item: Input | InputError) -> str | None:
    try:
        if isinstance(item, InputError):
            raise item
        return item.read()
    except InputError as error:
        say(job.name, str(error))
        return None


def _labelled(job: Job, label: Label, text: str, source: str) -> Document | None:
    try:
        return label(text, source)
    except BroadsheetError as error:
        say(job.name, f"{source}: {error}")
    except Exception as error:
        if job.debug:
            raise
        say(job.name, f"{source}: {internal(error)}")
    return None
