"""``broadsheet runs``, ``compare`` and ``doctor``: they parse, call and print."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.console import guarded, is_terminal
from pipeline.options import Debug, Models, PlainFormat, RunsFormat
from pipeline.render.sink import open_sink
from pipeline.store.layout import ARTICLES, PARAMS, TEST_PAGES
from pipeline.whereabouts import of_project, project_folder

if TYPE_CHECKING:
    from pipeline.habits.comparison import Comparison

Experiment = Annotated[
    str | None,
    typer.Option(
        "--experiment", help="The MLflow experiment. [default: record.experiment in params.yaml]"
    ),
]


def runs(
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="How many runs.")] = 10,
    experiment: Experiment = None,
    format: Annotated[RunsFormat, typer.Option("--format", "-f")] = "table",
    debug: Debug = False,
) -> None:
    """List the last runs of the pipeline, newest first, with their key figures."""
    with guarded("broadsheet runs", debug):
        from pipeline.habits.database import runs_uri
        from pipeline.habits.history import read_runs
        from pipeline.habits.tables import write_runs

        found = read_runs(runs_uri(os.environ), _experiment(experiment), last)
        with open_sink(None, data=format != "table") as sink:
            write_runs(sink, found, format, is_terminal(sys.stdout))


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="The earlier run.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The later run.")],
    experiment: Experiment = None,
    rows: Annotated[
        int, typer.Option("--rows", min=0, help="Metrics, and flips of a kind, that a table shows.")
    ] = 12,
    format: Annotated[PlainFormat, typer.Option("--format", "-f")] = "table",
    debug: Debug = False,
) -> None:
    """Show what changed between two runs.

    Parameters, metrics, and the held-out examples on which the predictions flipped. A run is named
    by its id or the start of it, by its name, or by its age: latest, latest~1 and so on.
    """
    with guarded("broadsheet compare", debug):
        from pipeline.habits.comparison import compare as compared
        from pipeline.habits.database import runs_uri
        from pipeline.habits.history import find_run, read_judged, read_runs
        from pipeline.habits.tables import write_comparison

        uri = runs_uri(os.environ)
        every = read_runs(uri, _experiment(experiment))
        first, second = find_run(every, a), find_run(every, b)
        found = compared(first, second, read_judged(uri, first), read_judged(uri, second))
        with open_sink(None, data=format != "table") as sink:
            write_comparison(sink, found, format, is_terminal(sys.stdout), rows, _titles(found))


def doctor(
    models: Models = None,
    format: Annotated[PlainFormat, typer.Option("--format", "-f")] = "table",
    debug: Debug = False,
) -> None:
    """Check the environment, and say of each problem what to do about it."""
    with guarded("broadsheet doctor", debug):
        from pipeline.habits.checkup import write_findings
        from pipeline.habits.database import runs_uri
        from pipeline.habits.doctor import examine
        from pipeline.habits.setup import Setup

        setup = Setup(project_folder(), models, runs_uri(os.environ))
        with open_sink(None, data=format != "table") as sink:
            problems = write_findings(sink, examine(setup), format, is_terminal(sys.stdout))
        raise typer.Exit(1 if problems else 0)


def _experiment(given: str | None) -> str:
    from pipeline.params import load_params

    return given or load_params(of_project(PARAMS)).record.experiment


def _titles(found: Comparison) -> dict[str, str]:
    """Name the examples that flipped: articles by headline, pages by layout."""
    from pipeline.records import Article, Page
    from pipeline.store.jsonl import read_records

    wanted = {flip.id for flips in found.flips or () for flip in flips.flips}
    titles: dict[str, str] = {}
    articles, pages = of_project(ARTICLES), of_project(TEST_PAGES)
    if wanted and articles.is_file():
        for article in read_records(articles, Article):
            titles[article.id] = article.headline or article.body
    if not wanted <= titles.keys() and pages.is_file():
        titles |= {page.id: page.layout for page in read_records(pages, Page)}
    return {name: title for name, title in titles.items() if name in wanted}
