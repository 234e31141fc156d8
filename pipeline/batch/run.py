"""One batch: datasets in, one dataset out, by the loop of ``classify`` or on a Ray cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pipeline.batch.parts import Parts, open_parts, plan
from pipeline.batch.target import publisher
from pipeline.batch.workers import do_blocks, require_ray
from pipeline.console import is_terminal, progress, say
from pipeline.documents import Job, Resumable, run_job
from pipeline.errors import UsageError
from pipeline.journal import unfinished
from pipeline.labeller import Label
from pipeline.listing import find_datasets
from pipeline.threads import cores

Engine = Literal["local", "ray"]
ROWS_A_BLOCK = 64
NAME = "broadsheet batch"


class Batch(Struct, frozen=True):
    """One call of ``broadsheet batch``. ``run`` is what the results depend on beside the inputs."""

    source: str
    output: Path
    run: Mapping[str, str]
    engine: Engine = "local"
    workers: int | None = None
    rows: int = ROWS_A_BLOCK
    resume: bool = False
    quiet: bool = False
    debug: bool = False


def run_batch(batch: Batch, load: Callable[[], Label]) -> int:
    """Label the rows of datasets.

    :param load: makes what labels a text; on Ray it goes to every worker.
    :returns: how many rows failed; each has been named on standard error.
    :raises UsageError: the call cannot be right, or begins what was broken off without ``resume``.
    :raises BroadsheetError: the models cannot be loaded, or the work cannot be gone on with.
    :raises OSError: the output cannot be written.
    """
    files = find_datasets(batch.source)
    publish = publisher(batch.output)
    _check(batch)
    if batch.engine == "ray":
        require_ray()
        return _on_ray(batch, files, load)
    job = Job(
        NAME,
        [str(file) for file in files],
        batch.output,
        "jsonl",
        batch.quiet,
        batch.debug,
        resumable=Resumable(batch.run, publish),
        processes=batch.workers or cores(),
    )
    return run_job(job, load)


def _check(batch: Batch) -> None:
    output = batch.output.resolve()
    parts = Parts(output).folder
    source = Path(batch.source).resolve()
    if output.is_dir():
        raise UsageError(f"{batch.output} is a folder: name a file in it")
    if output == source or output.is_relative_to(source):
        raise UsageError(f"{batch.output} lies in {batch.source}: put the output elsewhere")
    other, begun = (
        (unfinished(output), parts.exists())
        if batch.engine == "ray"
        else (parts.exists(), unfinished(output))
    )
    if other:
        engine = "local" if batch.engine == "ray" else "ray"
        raise UsageError(f"{batch.output} was begun with --engine {engine}: go on with that")
    if begun and not batch.resume:
        raise UsageError(
            f"{batch.output} was begun and broken off: go on with --resume, or remove "
            f"{parts if batch.engine == 'ray' else f'{output}.part and {output}.journal'}"
        )


def _on_ray(batch: Batch, files: list[Path], load: Callable[[], Label]) -> int:
    run = {**batch.run, "rows a block": str(batch.rows)}
    failed = 0
    with open_parts(batch.output, run, files) as parts:
        blocks = list(plan(files, batch.rows))
        left = [block for block in blocks if parts.outcome(block.number) is None]
        if len(left) < len(blocks) and not batch.quiet:
            done = len(blocks) - len(left)
            say(NAME, f"{batch.output}: going on after {done} of {len(blocks)} blocks")
        shown = not batch.quiet and is_terminal(sys.stderr)
        with progress(len(left) if shown else None) as step:
            for number in do_blocks(left, parts, load, batch.workers) if left else ():
                step(f"block {number}", 1)
        for block in blocks:
            outcome = parts.outcome(block.number)
            for message in outcome.failed if outcome else ():
                failed += 1
                say(NAME, message)
        parts.join(blocks)
    return failed
