"""The options that the benchmarks share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Shared = Annotated[Path, typer.Option("--shared", help="Folder of the real labelled sets.")]
Sets = Annotated[str, typer.Option("--sets", help="Names, separated by commas. [default: all]")]
ModelsFolder = Annotated[Path, typer.Option("--models", help="Folder of the trained models.")]
Reports = Annotated[Path, typer.Option("--reports", help="Folder to write to.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")]

SHARED = Path("../shared")
