"""What a command says on standard error, and how it ends: messages, progress, exit codes."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator

import typer

from pipeline.errors import BroadsheetError
from pipeline.inputs import reason
from pipeline.plain import visible

FAILED = 1
INTERRUPTED = 130
PIPE_CLOSED = 141  # 128 + SIGPIPE: what a shell reports of any program whose reader has gone


def say(name: str, message: str) -> None:
    """Write one line to standard error, with nothing in it that a terminal would act on."""
    typer.echo(f"{name}: {visible(message)}", err=True)


def internal(error: Exception) -> str:
    """Describe an error that is ours, in one line."""
    detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"internal error ({detail}); run with --debug for the traceback"


@contextlib.contextmanager
def guarded(name: str, debug: bool) -> Iterator[None]:
    """End a command as its documentation says, whatever happens inside: never a traceback.

    With ``debug`` the traceback of an internal error is printed first.
    """
    try:
        yield
    except BroadsheetError as error:
        say(name, str(error))
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(INTERRUPTED) from error
    except BrokenPipeError as error:
        _forget_stdout()
        raise typer.Exit(PIPE_CLOSED) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _trace(debug)
        say(name, f"{where}{reason(error)}")
        raise typer.Exit(FAILED) from error
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:
        _trace(debug)
        say(name, internal(error))
        raise typer.Exit(FAILED) from error


@contextlib.contextmanager
def progress(total: int | None, in_bytes: bool = False) -> Iterator[Callable[[str, int], None]]:
    """Show a bar on standard error; the value is called with each input when it is done.

    It takes the name of the input and how much of ``total`` it is.

    :param total: how much there is to do; None shows nothing.
    :param in_bytes: whether that is bytes, or else inputs.
    """
    if total is None:
        yield lambda source, size: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True, markup=False, highlight=False)
    columns = (
        DownloadColumn() if in_bytes else MofNCompleteColumn(),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("reading", total=total)

        def step(source: str, size: int) -> None:
            bar.update(task, advance=size, description=visible(source)[-60:])

        yield step


@contextlib.contextmanager
def working(message: str, shown: bool) -> Iterator[None]:
    """Show a spinner on standard error while something slow is done."""
    if not shown:
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(message):
        yield


def is_terminal(stream: object) -> bool:
    """Tell whether a standard stream is a terminal; a closed one is not."""
    try:
        return bool(stream is not None and stream.isatty())  # type: ignore[attr-defined]
    except ValueError:
        return False


def _trace(debug: bool) -> None:
    if debug:
        traceback.print_exc()


def _forget_stdout() -> None:
    # Python flushes standard output once more at exit, and would complain of the same pipe.
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
