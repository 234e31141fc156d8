"""How fast pages are labelled, beside what limits it and what else is in use; ratios in one run.

``python -m benchmarks.speed``. A cold start is a call of ``classify`` in a process of its own; the
median of several, beside the path that training takes, in turn. Pages a second are measured on the
held-out pages or, with ``--shared``, on ``pages_dev``: each way has a process for each number of
threads, and in each round they go through the same pages one after another, in every second round
in reverse, so that a ratio is of runs next to each other. With ``--agreement`` every held-out page
is put to the encoders exported in float32 and to the path that training takes.

Two limits are replayed with nothing round them, arrays in and arrays out. ``encoders`` is all that
Broadsheet passes through its two encoders: windows of the page, in context, and then its stories.
``units`` is the page's units, each by itself, once, and so one pass over the words in place of two.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer

if not __package__:  # run as a file: its own folder is on the path, and the project's is not
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.options import Debug, ModelsFolder, Reports
from benchmarks.processes import CLASSIFY, Lap, Worker, call
from benchmarks.ways import (
    LANGCHAIN,
    SERVED,
    TRAINED,
    WAYS,
    name_of_set,
    open_classifier,
    read_pages,
)
from pipeline.console import guarded, say
from pipeline.errors import UsageError
from pipeline.plain import counted
from pipeline.store.layout import MODELS, REPORTS
from pipeline.threads import cores

PAGE = Path("examples/page.txt")
PROCESSORS = Path("/proc/cpuinfo")
REPORT = "speed.json"

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


@app.command()
def speed(
    models: ModelsFolder = MODELS,
    variant: Annotated[
        list[str] | None,
        typer.Option("--variant", help="NAME=FOLDER of further models to measure; repeatable."),
    ] = None,
    shared: Annotated[
        Path | None, typer.Option("--shared", help="Folder of the real labelled sets.")
    ] = None,
    calls: Annotated[int, typer.Option("--calls", min=1, help="Cold starts of each path.")] = 5,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Pages to label warm.")] = 24,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Times through the pages.")] = 3,
    ways: Annotated[
        str, typer.Option("--ways", help="Names beside served, separated by commas; or all.")
    ] = "all",
    threads: Annotated[
        list[int] | None,
        typer.Option("--threads", min=1, help="Repeatable. [default: 1, and one a core]"),
    ] = None,
    agreement: Annotated[
        bool,
        typer.Option("--agreement", help="Hold float32 against training, on every held-out page."),
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help=f"Write {REPORT} and a table of it.")
    ] = False,
    reports: Reports = REPORTS,
    debug: Debug = False,
) -> None:
    """Measure cold starts, pages a second by way and threads, and agreement; print JSON."""
    with guarded("speed", debug):
        folders = {**dict.fromkeys(chosen(ways), models), **named_folders(variant or [])}
        if shared is not None and not shared.is_dir():
            raise UsageError(f"--shared {shared}: no such folder")
        figures: dict[str, Any] = {"machine": machine(), "cold": cold(models, calls)}
        say("speed", "cold starts measured")
        numbers = sorted(set(threads or (1, cores())))
        figures["warm"] = warm(folders, shared, pages, rounds, numbers)
        if agreement:
            figures["agreement"] = agree(models)
        if write:
            from benchmarks.speed_report import report
            from pipeline.store.atomic import write_text
            from pipeline.store.metrics import write_metrics

            write_metrics(reports / REPORT, figures)
            write_text((reports / REPORT).with_suffix(".md"), report(figures))
        typer.echo(json.dumps(figures, indent=2))


def chosen(names: str) -> list[str]:
    """Choose ways by their names; the served one is always among them.

    :raises UsageError: there is no such way.
    """
    asked = set(WAYS) if names == "all" else {SERVED, *filter(None, names.split(","))}
    if unknown := sorted(asked - set(WAYS)):
        raise UsageError(f"--ways: no {', '.join(unknown)}; there are {', '.join(WAYS)}")
    return [name for name in WAYS if name in asked]


def named_folders(variants: Iterable[str]) -> dict[str, Path]:
    """Read NAME=FOLDER.

    :raises UsageError: one has another form, a name that is taken, or no folder.
    """
    found: dict[str, Path] = {}
    for variant in variants:
        name, _, folder = variant.partition("=")
        if not name or not folder:
            raise UsageError(f"--variant {variant}: write NAME=FOLDER")
        if name in WAYS or name in found:
            raise UsageError(f"--variant {variant}: the name {name} is taken, choose another")
        if not Path(folder).is_dir():
            raise UsageError(f"--variant {variant}: {folder} is no folder of models")
        found[name] = Path(folder)
    return found


def machine() -> dict[str, Any]:
    """Say what this was measured on."""
    try:
        lines = PROCESSORS.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return {
        "processor": next(names, platform.processor() or platform.machine()),
        "cores": os.cpu_count(),
    }


def cold(models: Path, calls: int) -> dict[str, Any]:
    """Time calls of ``classify`` on the example page, and of its help."""
    file, folder = str(PAGE), str(models)
    commands = {
        SERVED: ["-c", CLASSIFY, file, "--format", "jsonl", "--models", folder],
        TRAINED: ["-m", "benchmarks.reference", file, folder],
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
    ratios = [each[TRAINED].seconds / each[SERVED].seconds for each in rounds]
    return {**found, "trained_over_served": round(median(ratios), 2), "calls": calls}


def warm(
    folders: Mapping[str, Path],
    shared: Path | None,
    count: int,
    rounds: int,
    numbers: Sequence[int],
) -> dict[str, Any]:
    """Time pages by each way and number of threads; nothing of a way that is not installed.

    :param folders: the models of each way; what is no way's name is served.
    :param numbers: of threads.
    """
    pages = read_pages(shared, count)
    source = [] if shared is None else [str(shared)]
    lacking = LANGCHAIN in folders and not find_spec("langchain_experimental")
    missing = [LANGCHAIN] if lacking else []
    found = []
    for threads in numbers:
        arguments = {
            name: [name if name in WAYS else SERVED, str(folder), str(count), *source]
            for name, folder in folders.items()
            if name not in missing
        }
        ways = measure(arguments, threads, len(pages), rounds)
        found.append({"threads": threads, "ways": {**ways, **dict.fromkeys(missing)}})
    return {
        "set": name_of_set(shared),
        "pages": len(pages),
        "characters": sum(len(page.text) for page in pages),
        "rounds": rounds,
        "threads": found,
    }


def measure(
    arguments: Mapping[str, Sequence[str]], threads: int, pages: int, rounds: int
) -> dict[str, dict[str, Any]]:
    """Open all ways, send them through the pages in turn, and compare them."""
    laps: dict[str, list[Lap]] = {name: [] for name in arguments}
    facts: dict[str, dict[str, Any]] = {}
    with ExitStack() as opened:
        workers: list[Worker] = []
        for name, own in arguments.items():
            worker = Worker(name, ["-m", "benchmarks.ways", *own], threads)
            opened.callback(worker.close)
            facts[name] = worker.answer()
            workers.append(worker)
        for number in range(rounds):
            say("speed", f"{counted(threads, 'thread', 'threads')}: round {number + 1} of {rounds}")
            for worker in workers[:: -1 if number % 2 else 1]:
                laps[worker.name].append(worker.lap())
        peaks = {
            worker.name: max(worker.close(), *(lap.megabytes for lap in laps[worker.name]))
            for worker in workers
        }
    return {
        name: {**found, "megabytes": round(peaks[name]), **facts[name]}
        for name, found in compare(laps, pages).items()
    }


def compare(laps: Mapping[str, Sequence[Lap]], pages: int) -> dict[str, dict[str, Any]]:
    """Set each way beside the served one, round by round: medians, and the extremes of ratios.

    ``served_over`` is how many times as fast the served one is, ``served_over_busy`` the same in
    processor time, which other work on the machine sways less.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, own in laps.items():
        pairs = list(zip(own, laps[SERVED], strict=True))
        ratios = [lap.seconds / served.seconds for lap, served in pairs]
        found[name] = {
            "pages_a_second": round(pages / median(lap.seconds for lap in own), 3),
            "served_over": round(median(ratios), 3),
            "served_over_least": round(min(ratios), 3),
            "served_over_most": round(max(ratios), 3),
            "served_over_busy": round(median(lap.busy / served.busy for lap, served in pairs), 3),
        }
        outside = [1.0 - lap.inside / lap.busy for lap in own if lap.inside is not None]
        if outside:
            found[name]["outside_the_encoders"] = round(median(outside), 3)
    return found


def agree(models: Path) -> dict[str, Any]:
    """Put every held-out page to the encoders as trained and as exported in float32."""
    from benchmarks.agreement import differing, largest_difference
    from benchmarks.reference import exact_classifier

    trained = open_classifier(TRAINED, models)
    pages = read_pages(None, sys.maxsize)
    differ: dict[str, list[str]] = {}
    apart = 0.0
    with tempfile.TemporaryDirectory() as folder:
        exact = exact_classifier(Path(folder), models)
        answers = [exact.document(page.text) for page in pages]
    for page, own in zip(pages, answers, strict=True):
        other = trained.document(page.text)
        if fields := differing(own, other):
            differ[page.id] = fields
        else:
            apart = max(apart, largest_difference(own, other))
    return {"pages": len(pages), "largest_difference": round(apart, 9), "differ": differ}


if __name__ == "__main__":
    app()
