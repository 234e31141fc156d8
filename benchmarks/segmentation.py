"""Compare the segmenter with the tools that people use today, side by side on real text.

``python -m benchmarks.segmentation --shared FOLDER`` or ``python benchmarks/segmentation.py``.
The other tools come with ``make bench``, or ``pip install -r requirements-bench.lock``; one that
is missing is left out with a note. Writes ``reports/segmentation_benchmark.json`` and ``.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

if not __package__:  # run as a file: its own folder is on the path, and the project's is not
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.options import SHARED, Debug, ModelsFolder, Reports, Sets, Shared
from pipeline.console import guarded, say
from pipeline.store.layout import MODELS, REPORTS

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


@app.command()
def segmentation(
    shared: Shared = SHARED,
    documents: Annotated[
        int, typer.Option("--documents", min=0, help="Documents of each set, evenly; 0 for all.")
    ] = 40,
    peer_sentences: Annotated[
        int,
        typer.Option(
            "--peer-sentences",
            min=0,
            help="Leave out documents of more lines, for everybody; 0 for none.",
        ),
    ] = 400,
    methods: Annotated[
        str, typer.Option("--methods", help="Names, separated by commas. [default: all]")
    ] = "",
    sets: Sets = "",
    models: ModelsFolder = MODELS,
    reports: Reports = REPORTS,
    debug: Debug = False,
) -> None:
    """Compare the segmenter with other tools on real text."""
    with guarded("segmentation", debug):
        from benchmarks.compare import Sizes, compare
        from benchmarks.report import TABLES, report, table
        from benchmarks.roster import choose
        from benchmarks.sets import choose_sets
        from pipeline.encoder import SentenceTransformerEncoder
        from pipeline.store.atomic import write_text
        from pipeline.store.layout import COMPARISON
        from pipeline.store.metrics import read_metrics, write_metrics

        encoder = SentenceTransformerEncoder()
        sizes = Sizes(documents, peer_sentences)
        chosen = choose(methods)
        found = compare(shared, choose_sets(sets), chosen, sizes, models, encoder)
        path = reports / COMPARISON.name
        write_metrics(path, found)
        written = read_metrics(path)
        write_text(path.with_suffix(".md"), report(written))
        for method in written["methods"]:
            if not method["run"]:
                say("segmentation", f"{method['label']}: {method['note']}")
        typer.echo(table(written, TABLES[0]))


if __name__ == "__main__":
    app()
