"""Where the time of a page goes: a profile of one thread that labels pages, by module.

``OMP_NUM_THREADS=1 python -m benchmarks.profiling --shared ../shared --write``. The time of what a
module calls outside the package (onnxruntime, numpy, the tokenizer) is counted as the module's own,
and in the second table with the function that calls it. The profiler makes calls in Python slower
and leaves onnxruntime as it is, so that shares of Python are upper bounds; ``benchmarks.speed``
measures without it.
"""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from benchmarks.options import Debug, ModelsFolder, Reports
from benchmarks.report import grid
from benchmarks.speed import machine
from benchmarks.ways import SERVED, name_of_set, open_classifier, read_pages
from pipeline.console import guarded
from pipeline.errors import UsageError
from pipeline.store.atomic import write_text
from pipeline.store.layout import MODELS, REPORTS
from pipeline.threads import VARIABLE, cores

REPORT = "profile.md"
PACKAGE = f"{Path(__file__).resolve().parent.parent / 'pipeline'}/"
LONGEST = 25  # functions that are listed

Function = tuple[str, int, str]  # file, line, name; as the standard library's profiler names it


class Profile(NamedTuple):
    """Seconds by function of the package: its own, with what it calls outside the package."""

    seconds: Counter[Function]

    @property
    def modules(self) -> Counter[str]:
        """Seconds by module."""
        found: Counter[str] = Counter()
        for (file, _, _), seconds in self.seconds.items():
            found[module_of(file)] += seconds
        return found


def module_of(file: str) -> str:
    """Name the module of the package that a file is; "elsewhere" if it is none.

    >>> module_of(f"{PACKAGE}segment/decode.py")
    'segment.decode'
    """
    if not file.startswith(PACKAGE):
        return "elsewhere"
    return file.removeprefix(PACKAGE).removesuffix(".py").replace("/", ".")


def profiled(work: Callable[[], object]) -> Profile:
    """Profile what ``work`` does in this thread."""
    profiler = cProfile.Profile()
    profiler.runcall(work)
    stats: dict[Function, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    seconds: Counter[Function] = Counter()
    for function, (_, _, own, _, callers) in stats.items():
        for charged, part in _charged(function, callers, stats, frozenset()):
            seconds[charged] += own * part
    return Profile(seconds)


def _charged(
    function: Function, callers: Any, stats: dict[Function, Any], below: frozenset[Function]
) -> Iterator[tuple[Function, float]]:
    """Yield who is charged with a function's time, and with what part of it; parts add up to 1."""
    inside = function[0].startswith(PACKAGE)
    upward = {caller: own for caller, (_, _, own, _) in callers.items() if caller not in below}
    whole = sum(upward.values())
    if inside or not whole:
        yield function, 1.0
        return
    for caller, own in upward.items():
        above = _charged(caller, stats[caller][4], stats, below | {function})
        for charged, part in above:
            yield charged, part * own / whole


def tables(profile: Profile, pages: int) -> str:
    """Set out modules and the functions that take longest, per page."""
    whole = sum(profile.seconds.values())

    def row(name: str, seconds: float) -> list[str]:
        return [name, f"{seconds / pages * 1000:.1f}", f"{seconds / whole:.1%}"]

    heads = ["ms a page", "of all"]
    modules = [row(f"`{name}`", spent) for name, spent in profile.modules.most_common()]
    functions = [
        row(f"`{module_of(file)}.{name}`", spent)
        for (file, _, name), spent in profile.seconds.most_common(LONGEST)
    ]
    shown = [each for each in modules if each[1] != "0.0"]
    return "\n\n".join(
        [
            "## By module",
            grid([["module", *heads], *shown]),
            "## The functions that take longest",
            grid([["function", *heads], *functions]),
        ]
    )


def page(profile: Profile, texts: Sequence[str], name: str) -> str:
    """Set a profile out as a Markdown page."""
    whole = sum(profile.seconds.values())
    return (
        "\n\n".join(
            [
                "# Where the time of a page goes",
                f"{len(texts)} pages ({name}, {sum(map(len, texts)):,} characters) on "
                f"{machine()['processor']}, one thread, {whole:.1f} s under the profiler, by "
                "`python -m benchmarks.profiling`. What a function calls outside the package is "
                "counted as its own: `serving.network.run` is the encoders. The profiler makes "
                "Python slower and leaves them as they are.",
                tables(profile, len(texts)),
            ]
        )
        + "\n"
    )


def main(
    models: ModelsFolder = MODELS,
    shared: Annotated[
        Path | None, typer.Option("--shared", help="Folder of the real labelled sets.")
    ] = None,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Pages to label.")] = 40,
    write: Annotated[bool, typer.Option("--write", help=f"Write {REPORT}.")] = False,
    reports: Reports = REPORTS,
    debug: Debug = False,
) -> None:
    """Profile the labelling of pages, warm."""
    with guarded("profiling", debug):
        if cores() > 1:
            raise UsageError(f"a profile is of one thread: call it with {VARIABLE}=1")
        texts = [each.text for each in read_pages(shared, pages)]
        classifier = open_classifier(SERVED, models)
        classifier.document(texts[0])
        found = profiled(lambda: [classifier.document(text) for text in texts])
        shown = page(found, texts, name_of_set(shared))
        if write:
            write_text(reports / REPORT, shown)
        typer.echo(shown)


if __name__ == "__main__":
    typer.run(main)
