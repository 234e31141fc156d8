"""How fast the models answer, beside the path that training takes; all as ratios in one run.

``python -m benchmarks.speed``. A cold start is a call of ``classify`` in a process of its own; the
median of several, the two paths in turn. Pages a second are measured in a process for each path
and number of threads, on the held-out pages or, with ``--shared``, on ``pages_dev``. With
``--agreement`` every held-out page is put to both paths.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

if not __package__:  # run as a file: its own folder is on the path, and the project's is not
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.options import Debug, ModelsFolder
from pipeline.console import guarded, say
from pipeline.store.layout import MODELS, TEST_PAGES
from pipeline.threads import VARIABLE, cores

if TYPE_CHECKING:
    from pipeline.classify import Classifier
    from pipeline.records import Page

Way = Literal["served", "trained"]
WAYS: tuple[Way, ...] = ("served", "trained")
PAGE = Path("examples/page.txt")
CLASSIFY = "from pipeline.cli import classify_main; classify_main()"

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


class Call(NamedTuple):
    """What a process took: seconds on the clock, and megabytes of memory at its peak."""

    seconds: float
    megabytes: float
    output: bytes


@app.command()
def speed(
    models: ModelsFolder = MODELS,
    shared: Annotated[
        Path | None, typer.Option("--shared", help="Folder of the real labelled sets.")
    ] = None,
    calls: Annotated[int, typer.Option("--calls", min=1, help="Cold starts of each path.")] = 5,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Pages to label warm.")] = 24,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="Put every held-out page to both paths.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Measure cold starts, pages a second by threads, and agreement; print JSON."""
    with guarded("speed", debug):
        figures: dict[str, Any] = {"cold": cold(models, calls)}
        say("speed", "cold starts measured")
        figures["warm"] = warm(models, shared, pages)
        if agreement:
            figures["agreement"] = agree(models)
        typer.echo(json.dumps(figures, indent=2))


def cold(models: Path, calls: int) -> dict[str, Any]:
    """Time calls of ``classify`` on the example page, and of its help."""
    file, folder = str(PAGE), str(models)
    commands = {
        "served": ["-c", CLASSIFY, file, "--format", "jsonl", "--models", folder],
        "trained": ["-m", "benchmarks.reference", file, folder],
        "help": ["-c", CLASSIFY, "--help"],
    }
    for arguments in commands.values():
        call(arguments)  # what is compiled and read from disk at the first call is not counted
    rounds = [{name: call(args) for name, args in commands.items()} for _ in range(calls)]
    found: dict[str, Any] = {
        name: {
            "seconds": round(median(each[name].seconds for each in rounds), 3),
            "fastest": round(min(each[name].seconds for each in rounds), 3),
            "megabytes": round(max(each[name].megabytes for each in rounds)),
        }
        for name in commands
    }
    ratios = [each["trained"].seconds / each["served"].seconds for each in rounds]
    return {**found, "trained_over_served": round(median(ratios), 2), "calls": calls}


def warm(models: Path, shared: Path | None, count: int) -> list[dict[str, Any]]:
    """Time pages in a process for each path and number of threads."""
    found = []
    for threads in sorted({1, cores()}):
        for way in WAYS:
            source = [] if shared is None else [str(shared)]
            script = f"from benchmarks.speed import run_pages; run_pages({way!r}, {count})"
            done = call(["-c", script, str(models), *source], {VARIABLE: str(threads)})
            found.append({"way": way, "threads": threads, **json.loads(done.output)})
    return found


def run_pages(way: Way, count: int) -> None:
    """Label pages, the first one twice, and print pages a second and the encoders' part."""
    classifier, pages = open_way(way, Path(sys.argv[1])), read_pages(sys.argv[2:], count)
    clock = Clock()
    watch(classifier, clock)
    classifier.document(pages[0].text)
    clock.seconds = 0.0
    begun = perf_counter()
    for page in pages:
        classifier.document(page.text)
    seconds = perf_counter() - begun
    outside = 1.0 - clock.seconds / seconds
    sys.stdout.write(
        json.dumps(
            {
                "pages": len(pages),
                "pages_a_second": round(len(pages) / seconds, 3),
                "outside_the_encoders": round(outside, 3),
            }
        )
    )


def agree(models: Path) -> dict[str, Any]:
    """Put every held-out page to both paths."""
    from benchmarks.agreement import differing, largest_difference

    served, trained = (open_way(way, models) for way in WAYS)
    pages = read_pages([], sys.maxsize)
    differ: dict[str, list[str]] = {}
    apart = 0.0
    for page in pages:
        own, other = served.document(page.text), trained.document(page.text)
        if fields := differing(own, other):
            differ[page.id] = fields
        else:
            apart = max(apart, largest_difference(own, other))
    return {"pages": len(pages), "largest_difference": round(apart, 9), "differ": differ}


class Clock:
    """Adds up the seconds that go by inside what it is put around."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Time every call of a function."""

        def timed(*arguments: Any, **named: Any) -> Any:
            begun = perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds += perf_counter() - begun

        return timed


def watch(classifier: Classifier, clock: Clock) -> None:
    """Put a clock around both encoders of a classifier, tokenizing left out where it can be."""
    encoder: Any = classifier.encoder
    reader: Any = classifier.segmenter.reader
    for owner, name in (
        (getattr(encoder, "network", encoder), "run" if hasattr(encoder, "network") else "encode"),
        (reader.network, "answer"),
    ):
        setattr(owner, name, clock.around(getattr(owner, name)))


def open_way(way: Way, models: Path) -> Classifier:
    """Open the models as they serve, or with the encoders as they were trained."""
    if way == "trained":
        from benchmarks.reference import reference_classifier

        return reference_classifier(models)
    from pipeline.classify import Classifier

    return Classifier.load(models)


def read_pages(shared: Sequence[str], count: int) -> list[Page]:
    """Read pages evenly spaced: the held-out ones, or ``pages_dev``."""
    from pipeline.records import Page
    from pipeline.store.jsonl import read_records

    if shared:
        from benchmarks.sets import WHOLE, choose_sets, load_set

        (spec,) = choose_sets(WHOLE)
        pages = [each.page for each in load_set(Path(shared[0]), spec, 0, 0).documents]
    else:
        pages = read_records(TEST_PAGES, Page)
    return pages[:: max(1, len(pages) // min(count, len(pages)))][:count]


def call(arguments: Sequence[str], environment: dict[str, str] | None = None) -> Call:
    """Run Python with these arguments, and wait for it."""
    begun = perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(arguments))
    return Call(perf_counter() - begun, usage.ru_maxrss / 1024, output)


if __name__ == "__main__":
    app()
