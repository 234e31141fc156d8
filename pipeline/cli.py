"""The command line: ``classify`` and the umbrella ``broadsheet``. It parses, calls and prints.

Results go to standard output, everything else to standard error. Exit codes: 0; 1 where an input
failed (the others are still done); 2 for a call that cannot be right; 130 after Ctrl-C; 141 where
the reader of a pipe has gone. What is slow to import is imported where it is used, so that help
and faults come at once.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer

from pipeline import __version__
from pipeline.console import guarded, is_terminal, say
from pipeline.errors import BroadsheetError, UsageError
from pipeline.habits import commands as habits
from pipeline.inputs import keep_inputs
from pipeline.options import (
    FORMAT_HELP,
    CorpusOutput,
    Debug,
    MinBoundary,
    MinScore,
    Models,
    NoSplit,
    Output,
    Paths,
    Quiet,
    Resume,
    Version,
    print_version,
)
from pipeline.plain import visible
from pipeline.registry import commands as registry
from pipeline.registry.models import find_models
from pipeline.render.formats import Format
from pipeline.render.manual import (
    BATCH_EXAMPLES,
    CLASSIFY_EXAMPLES,
    COMPARE_EXAMPLES,
    DOCTOR_EXAMPLES,
    INGEST_EXAMPLES,
    PACK_EXAMPLES,
    PROMOTE_EXAMPLES,
    RUNS_EXAMPLES,
    SEGMENT_EXAMPLES,
)
from pipeline.render.sink import open_sink
from pipeline.sections import Level
from pipeline.store.digest import file_sha256
from pipeline.store.layout import BENCHMARK, MANIFEST, PARAMS
from pipeline.threads import cores
from pipeline.whereabouts import of_project

if TYPE_CHECKING:
    from pipeline.classify import Classifier
    from pipeline.ingest.corpus import Corpus
    from pipeline.params import IngestParams, Params

CutFormat = Literal["table", "html", "json", "jsonl"]

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
app = typer.Typer(
    name="broadsheet",
    help="Cut mixed news text into its stories, and say what each is about and where.",
    context_settings=CONTEXT,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)
classify_app = typer.Typer(
    name="classify",
    context_settings=CONTEXT,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run ``broadsheet``."""
    app(prog_name="broadsheet")


def classify_main() -> None:
    """Run ``classify``."""
    classify_app(prog_name="classify")


def load_classifier(models: Path) -> Classifier:
    """Open the trained models."""
    from pipeline.classify import Classifier

    return Classifier.load(models)


def run_of(
    models: Path, no_split: bool, min_score: float | None, min_boundary: float | None
) -> dict[str, str]:
    """Return what the results of a call depend on beside its inputs."""
    return {
        "broadsheet": __version__,
        "models": file_sha256(models / MANIFEST),
        "--no-split": str(no_split).lower(),
        "--min-score": "unset" if min_score is None else str(min_score),
        "--min-boundary": "unset" if min_boundary is None else str(min_boundary),
    }


@app.callback()
def broadsheet(version: Version = False) -> None:
    """Take the options that come before a command."""


@classify_app.command(epilog=CLASSIFY_EXAMPLES)
@app.command(epilog=CLASSIFY_EXAMPLES)
def classify(
    paths: Paths = None,
    format: Annotated[Format | None, typer.Option("--format", "-f", help=FORMAT_HELP)] = None,
    output: Output = None,
    no_split: NoSplit = False,
    min_score: MinScore = None,
    min_boundary: MinBoundary = None,
    models: Models = None,
    resume: Resume = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Cut text into stories and label each.

    Stories get topics (IPTC Media Topics, or the labels that the models were trained on), focus
    countries (ISO 3166-1) and regions (UN M49).
    """
    from pipeline.documents import Job, Resumable, classifying, run_job

    with guarded("classify", debug):
        folder = find_models(models)
        kept = Resumable(run_of(folder, no_split, min_score, min_boundary)) if resume else None
        load = partial(classifying, load_classifier, folder, no_split, min_score, min_boundary)
        asked = (output, format, quiet, debug)
        job = Job("classify", paths or [], *asked, resumable=kept, processes=cores())
        raise typer.Exit(1 if run_job(job, load) else 0)


@app.command(epilog=BATCH_EXAMPLES)
def batch(
    source: Annotated[
        str,
        typer.Argument(
            metavar="IN",
            help="A .jsonl, .jsonl.gz or .parquet file with a text in each row, or a folder of "
            "such files.",
        ),
    ],
    output: Annotated[
        Path, typer.Argument(metavar="OUT", help="A .jsonl or .parquet file: a row a story.")
    ],
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option("--engine", help="This machine, or the workers of a Ray cluster."),
    ] = "local",
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            help="How many processes, here or on the cluster. [default: one a core]",
            show_default=False,
        ),
    ] = None,
    no_split: NoSplit = False,
    min_score: MinScore = None,
    min_boundary: MinBoundary = None,
    models: Models = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what was broken off.")
    ] = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Cut and label the rows of a dataset, here or on a Ray cluster.

    The output is that of classify, in the order of the input. What is done is kept if it is broken
    off.
    """
    from pipeline.batch.run import NAME, Batch, run_batch
    from pipeline.documents import classifying

    with guarded(NAME, debug):
        folder = find_models(models).resolve()
        load = partial(classifying, load_classifier, folder, no_split, min_score, min_boundary)
        asked = Batch(
            source,
            output,
            run_of(folder, no_split, min_score, min_boundary),
            engine,
            workers,
            resume=resume,
            quiet=quiet,
            debug=debug,
        )
        raise typer.Exit(1 if run_batch(asked, load) else 0)


@app.command(epilog=SEGMENT_EXAMPLES)
def segment(
    paths: Paths = None,
    format: Annotated[CutFormat | None, typer.Option("--format", "-f", help=FORMAT_HELP)] = None,
    output: Output = None,
    level: Annotated[
        Level,
        typer.Option(
            "--level",
            help="Into the stories that run together in a text, or one text's sections: where an "
            "article, a lecture or a meeting turns to another subject.",
        ),
    ] = "story",
    min_boundary: MinBoundary = None,
    models: Models = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Cut text into stories, or prose into sections, and no more.

    Gives offsets, kinds, parts and the probability that a story or a section starts there.
    """
    from pipeline.documents import Job, cutting, run_job

    name = "broadsheet segment"
    with guarded(name, debug):
        load = partial(cutting, load_classifier, find_models(models), level, min_boundary)
        asked = (output, format, quiet, debug)
        job = Job(name, paths or [], *asked, labels=False, level=level, processes=cores())
        raise typer.Exit(1 if run_job(job, load) else 0)


@app.command(epilog=INGEST_EXAMPLES)
def ingest(
    files: Annotated[list[Path], typer.Argument(help="Labelled .jsonl, .csv or .tsv files.")],
    output: CorpusOutput = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check a labelled corpus of your own.

    Each row left out is printed with its file, its line and the reason.
    """
    from pipeline.ingest.summary import summary

    name = "broadsheet ingest"
    with guarded(name, debug):
        keep_inputs(output, map(str, files))
        corpus = _corpus(files, _params().ingest)
        if output is not None and corpus.articles:
            with open_sink(output) as sink:
                for article in corpus.articles:
                    sink.write(msgspec.json.encode(article).decode("utf-8") + "\n")
        for line in () if quiet else summary(corpus):
            say(name, line)
        raise typer.Exit(1 if corpus.rejects or not corpus.articles else 0)


@app.command(epilog=PACK_EXAMPLES)
def pack(
    files: Annotated[list[Path], typer.Argument(help="Labelled .jsonl, .csv or .tsv files.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="The pack, NAME.safetensors; data/packs/ is where training looks.",
        ),
    ],
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Derive from labelled stories what the heads learn from, without their text.

    Each row left out is printed with its file, its line and the reason.
    """
    name = "broadsheet pack"
    with guarded(name, debug):
        if output.suffix != ".safetensors":
            raise UsageError(f"{output} is no name for a pack: let it end in .safetensors")
        params = _params()
        corpus = _corpus(files, params.ingest)
        if not corpus.articles:
            raise BroadsheetError("no story accepted: there is nothing to pack")
        from pipeline.encoder import SentenceTransformerEncoder
        from pipeline.packs.pack import write_pack
        from pipeline.packs.packing import make_pack

        encoder = SentenceTransformerEncoder.of(
            params.encoder, not quiet and is_terminal(sys.stderr)
        )
        made = make_pack(corpus.articles, encoder)
        write_pack(output, made, encoder.fingerprint)
        if not quiet:
            size = output.stat().st_size / 1e6
            say(name, f"{output}: {len(made.keys)} stories, {size:.1f} MB, no text")
        raise typer.Exit(1 if corpus.rejects else 0)


@app.command()
def benchmark(
    shared: Annotated[
        Path, typer.Option("--shared", help="Folder that holds the labelled sets (data/, seg/).")
    ] = Path("../shared"),
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the figures go, as JSON.")
    ] = BENCHMARK,
    models: Models = None,
    debug: Debug = False,
) -> None:
    """Measure the models on real text.

    The labelled sets lie beside the project; they are no part of it.
    """
    with guarded("broadsheet benchmark", debug):
        folder = find_models(models)
        if not shared.is_dir():
            raise UsageError(f"{shared} is not a folder: name the labelled sets with --shared")
        from pipeline.evaluate.benchmark import run_benchmark
        from pipeline.render.table import print_figures
        from pipeline.store.metrics import flatten

        figures = flatten(run_benchmark(shared, folder, output))
        with open_sink(None, data=False) as sink:
            print_figures(sink, is_terminal(sink), f"figures on {shared}", figures)


app.command(epilog=RUNS_EXAMPLES)(habits.runs)
app.command(epilog=COMPARE_EXAMPLES)(habits.compare)
app.command(epilog=DOCTOR_EXAMPLES)(habits.doctor)
app.command(epilog=PROMOTE_EXAMPLES)(registry.promote)


@app.command()
def version() -> None:
    """Print the version."""
    print_version(True)


def _corpus(files: list[Path], params: IngestParams) -> Corpus:
    """Read labelled files; print each row that is left out."""
    from pipeline.ingest.corpus import corpus_of, read_rows
    from pipeline.labels import read_taxonomy

    taxonomy = read_taxonomy(of_project(Path(params.taxonomy)))
    corpus = corpus_of(read_rows(map(str, files)), params, taxonomy)
    with open_sink(None) as sink:
        for left_out in corpus.rejects + corpus.duplicates:
            sink.write(f"{visible(str(left_out))}\n")
    return corpus


def _params() -> Params:
    from pipeline.params import load_params

    return load_params(of_project(PARAMS))


if __name__ == "__main__":
    main()
