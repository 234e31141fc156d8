"""The ways from pages to labelled stories, each opened in a process of its own.

``python -m benchmarks.ways NAME MODELS PAGES [SHARED]`` opens a way, says so in a line of JSON,
and then, for each line that it is sent, goes once through all pages and says what that took.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from threading import Lock
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TextIO

import typer

from benchmarks.processes import Lap
from pipeline.console import guarded
from pipeline.processes import Crew
from pipeline.store.layout import TEST_PAGES
from pipeline.threads import cores

if TYPE_CHECKING:
    from pipeline.classify import Classifier
    from pipeline.records import Document, Page

SERVED, TRAINED, LANGCHAIN = "served", "trained", "langchain"
WAYS = {
    SERVED: "Broadsheet",
    TRAINED: "the same by torch and sentence-transformers, as trained",
    "encoders": "limit: what Broadsheet passes through its encoders, and nothing else",
    "units": "limit: each unique unit through an encoder once, and nothing else",
    "sentences": "sentence-transformers, a call a sentence, and scikit-learn",
    "sentences_batched": "the same, a call a page",
    LANGCHAIN: "LangChain's SemanticChunker, and the same classifier",
}

app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


class Spent(NamedTuple):
    """What went into a lap, beside what its process can tell by itself.

    :param inside: seconds of processor time inside encoders, where known.
    :param elsewhere: seconds of processor time in processes that it started.
    :param megabytes: memory at its peak of all its processes, added up, where there are several.
    """

    inside: float | None = None
    elsewhere: float = 0.0
    megabytes: float = 0.0


class Opened(NamedTuple):
    """A way ready to go.

    :param lap: goes through all pages.
    :param facts: what else is to be told of it.
    """

    lap: Callable[[], Spent]
    facts: dict[str, int]


class Account(NamedTuple):
    """Of a process that labels, since it began: seconds of processor time, of this inside encoders.

    ``megabytes`` is the peak of its memory.
    """

    process: int
    busy: float
    inside: float
    megabytes: float


@app.command()
def way(
    name: str,
    models: Path,
    count: int,
    shared: Annotated[Path | None, typer.Argument()] = None,
) -> None:
    """Open a way, and go through pages as often as told to."""
    with guarded(f"speed: {name}", debug=False):
        answers = sys.stdout
        with redirect_stdout(sys.stderr):
            opened = open_way(name, models, read_pages(shared, count))
            work(opened, sys.stdin, answers)


def work(opened: Opened, asked: Iterable[str], answers: TextIO) -> None:
    """Say that the way is open; then make a lap for each line, and say what it took."""
    _say(answers, opened.facts)
    for _ in asked:
        begun, busy = perf_counter(), process_time()
        spent = opened.lap()
        seconds, own = perf_counter() - begun, process_time() - busy
        found = Lap(seconds, own + spent.elsewhere, spent.inside, spent.megabytes)
        _say(answers, found._asdict())


def open_way(name: str, models: Path, pages: Sequence[Page]) -> Opened:
    """Open a way and go through the first page, so that nothing is loaded afterwards."""
    texts = [page.text for page in pages]
    if name == SERVED and cores() > 1:
        return in_processes(partial(accounting, models), texts, cores())
    if name in (SERVED, TRAINED):
        return labelling(open_classifier(name, models), texts)
    if name in ("encoders", "units"):
        return _limit(name, models, texts)
    from benchmarks import plain_ways

    opening = {
        "sentences": plain_ways.one_by_one,
        "sentences_batched": plain_ways.batched,
        LANGCHAIN: plain_ways.chunked,
    }
    label = opening[name]()
    label(texts[0])

    def lap() -> Spent:
        for text in texts:
            label(text)
        return Spent()

    return Opened(lap, {})


def labelling(
    classifier: Classifier, texts: Sequence[str], timer: Callable[[], float] = process_time
) -> Opened:
    """Label texts one by one, with a clock round the encoders."""
    clock = Clock(timer)
    watch(classifier, clock)
    classifier.document(texts[0])

    def lap() -> Spent:
        clock.seconds = 0.0
        for text in texts:
            classifier.document(text)
        return Spent(clock.seconds)

    return Opened(lap, {})


def in_processes(
    start: Callable[[], Callable[[str], tuple[Any, Account]]], texts: Sequence[str], size: int
) -> Opened:
    """Label texts side by side, as ``classify`` does where there are many.

    :param start: makes what labels a text, and says what its process has spent by then.
    """
    crew = Crew(start, size)
    accounts: dict[int, Account] = {}

    def through(some: Iterable[str]) -> None:
        for _, account in crew.in_order(some):
            accounts[account.process] = account

    while len(accounts) < size:  # until each has loaded its models
        through([texts[0]] * size)

    def lap() -> Spent:
        before = dict(accounts)
        through(texts)
        since = [(accounts[process], before[process]) for process in accounts]
        return Spent(
            sum(now.inside - then.inside for now, then in since),
            sum(now.busy - then.busy for now, then in since),
            peak() + sum(now.megabytes for now, _ in since),
        )

    return Opened(lap, {})


def accounting(models: Path) -> Callable[[str], tuple[Document, Account]]:
    """Open what labels a text and says what its process has spent by then."""
    classifier = open_classifier(SERVED, models)
    clock = Clock()
    watch(classifier, clock)

    def label(text: str) -> tuple[Document, Account]:
        document = classifier.document(text)
        return document, Account(os.getpid(), process_time(), clock.seconds, peak())

    return label


def peak() -> float:
    """Return the most memory that this process has taken, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _limit(name: str, models: Path, texts: Sequence[str]) -> Opened:
    from benchmarks.limits import of_serving, of_units, replay

    record = of_serving if name == "encoders" else of_units
    passes = record(open_classifier(SERVED, models), texts)
    sizes = [each.embedded.shape for each in passes]
    facts = {"passes": len(sizes), "tokens": sum(rows * length for rows, length, _ in sizes)}

    def lap() -> Spent:
        replay(passes)
        return Spent()

    return Opened(lap, facts)


class Clock:
    """Adds up what a timer counts inside what it is put around, in seconds."""

    def __init__(self, timer: Callable[[], float] = process_time) -> None:
        self.timer = timer
        self.seconds = 0.0
        self._adding = Lock()

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Time every call of a function."""

        def timed(*arguments: Any, **named: Any) -> Any:
            begun = self.timer()
            try:
                return function(*arguments, **named)
            finally:
                spent = self.timer() - begun
                with self._adding:
                    self.seconds += spent

        return timed


def watch(classifier: Classifier, clock: Clock) -> None:
    """Put a clock around both encoders of a classifier, tokenizing left out where it can be."""
    encoder: Any = classifier.encoder
    reader: Any = classifier.segmenter.reader
    for owner, name in (
        (getattr(encoder, "network", encoder), "run" if hasattr(encoder, "network") else "encode"),
        (reader.network, "states"),
        (reader.network, "answers"),
    ):
        setattr(owner, name, clock.around(getattr(owner, name)))


def open_classifier(name: str, models: Path) -> Classifier:
    """Open the models as they serve, or with the encoders as they were trained."""
    if name == TRAINED:
        from benchmarks.reference import reference_classifier

        return reference_classifier(models)
    from pipeline.classify import Classifier

    return Classifier.load(models)


def read_pages(shared: Path | None, count: int) -> list[Page]:
    """Read pages evenly spaced: the held-out ones, or ``pages_dev``."""
    from pipeline.records import Page
    from pipeline.store.jsonl import read_records

    if shared is not None:
        from benchmarks.sets import WHOLE, check_present, choose_sets, load_set

        specs = choose_sets(WHOLE)
        check_present(shared, specs)
        pages = [each.page for each in load_set(shared, specs[0], 0, 0).documents]
    else:
        pages = read_records(TEST_PAGES, Page)
    return pages[:: max(1, len(pages) // min(count, len(pages)))][:count]


def name_of_set(shared: Path | None) -> str:
    """Name what :func:`read_pages` reads."""
    return "held-out pages" if shared is None else "pages_dev"


def _say(answers: TextIO, figures: object) -> None:
    answers.write(json.dumps(figures) + "\n")
    answers.flush()


if __name__ == "__main__":
    app()
