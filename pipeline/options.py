"""The options that commands share, as typer reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline import __version__
from pipeline.console import guarded

FORMAT_HELP = "[default: table on a terminal, else jsonl, or as the ending of --output says]"
PATHS_HELP = (
    "Text files, folders of .txt and .md files, datasets (.jsonl, .jsonl.gz, .parquet) with a text "
    "in each row, or - for standard input."
)


def print_version(asked: bool) -> None:
    """Print the version and end, if asked."""
    if asked:
        with guarded("broadsheet", debug=False):
            typer.echo(f"broadsheet {__version__}")
        raise typer.Exit


def _score(value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 1:  # also refuses nan
        raise typer.BadParameter(f"{value} is not between 0 and 1")
    return value


def _target(output: Path | None) -> Path | None:
    return None if output == Path("-") else output


def _file(output: Path | None) -> Path | None:
    if output == Path("-"):
        raise typer.BadParameter("standard output has the rows left out: name a file with -o")
    return output


RunsFormat = Literal["table", "json", "csv"]
PlainFormat = Literal["table", "json"]

Paths = Annotated[list[str] | None, typer.Argument(help=PATHS_HELP, show_default=False)]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write to this file, whole or not at all.",
        callback=_target,
        show_default=False,
    ),
]
CorpusOutput = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write the stories that are accepted to this file, whole or not at all.",
        callback=_file,
        show_default=False,
    ),
]
NoSplit = Annotated[bool, typer.Option("--no-split", help="Take each input as one story.")]
MinScore = Annotated[
    float | None,
    typer.Option(
        "--min-score",
        help="Name further topics, and countries, from this probability on, 0 to 1. "
        "[default: as in params.yaml when trained]",
        callback=_score,
        show_default=False,
    ),
]
MinBoundary = Annotated[
    float | None,
    typer.Option(
        "--min-boundary",
        help="Cut only where a story starts with this probability, 0 to 1: higher gives fewer "
        "stories, and surer ones. [default: about 0.5; of sections lower]",
        callback=_score,
        show_default=False,
    ),
]
Models = Annotated[
    Path | None,
    typer.Option(
        "--models",
        help="Folder of the trained models, or models:/NAME@ALIAS or models:/NAME/VERSION of the "
        "MLflow registry. [default: $BROADSHEET_MODELS, else models/]",
        show_default=False,
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Keep what is done if this is broken off, and go on there when it is called again; "
        "with -o FILE.jsonl or FILE.csv.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Nothing on standard error but faults.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")]
Version = Annotated[
    bool,
    typer.Option("--version", help="Print the version.", callback=print_version, is_eager=True),
]
