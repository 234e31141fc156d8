"""Blocks on the workers of a Ray cluster: Ray Data's ``map_batches`` with actors that hold models.

What goes to a worker is which rows to read, and what comes back is that they are done; texts and
stories stay on the disk, which every worker must see under the same path. An actor whose process
dies is started anew by Ray, and its block is given out again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.batch.parts import Block, Parts
from pipeline.errors import BroadsheetError, UsageError
from pipeline.labeller import Label, Labeller, WorkerError
from pipeline.rows import Stretch

TRIES = 4  # of a block whose worker dies
KEPT = "what is done is kept, go on with --resume"
MOST_TASKS = 10_000  # of Ray; where there are more blocks, a task is several
STORE = 256 << 20  # bytes that a cluster on this machine keeps for what passes between workers


class BlockWorker:
    """An actor: loads the models with its first block, and does blocks until there are no more.

    :param load: makes what labels a text.
    :param output: the output, whose parts it writes.
    """

    def __init__(self, load: Callable[[], Label], output: str) -> None:
        self.labeller = Labeller(load)
        self.parts = Parts(Path(output))

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Do the blocks of a batch; columns are the fields of a block, a stretch in four.

        ``fault`` says why a block could not be done, and is empty where it was.
        """
        rows = zip(*(batch[column] for column in _COLUMNS), strict=True)
        return {"number": batch["number"], "fault": [self._do(_block(row)) for row in rows]}

    def _do(self, block: Block) -> str:
        if self.parts.outcome(block.number) is None and self.parts.tried(block) > TRIES:
            place = f"{block.name}, rows from {block.stretch.first + 1}"
            return f"{place}: {TRIES} workers died on them, of too little memory perhaps"
        try:
            self.parts.do(block, self.labeller)
        except (BroadsheetError, OSError) as error:
            return f"{block.name}: {error}"
        return ""


_COLUMNS = ("number", "name", "path", "first", "rows", "offset", "within")


def do_blocks(
    blocks: Sequence[Block],
    parts: Parts,
    load: Callable[[], Label],
    workers: int | None = None,
) -> Iterator[int]:
    """Do blocks on a Ray cluster, and yield their numbers as they are done, in any order.

    :param workers: how many actors, each with a core; by default all cores of the cluster.
    :raises UsageError: Ray is not installed.
    :raises WorkerError: :data:`TRIES` workers died on a block, or Ray itself failed.
    """
    ray = require_ray()
    with _cluster(ray, workers):
        from ray.data import ActorPoolStrategy, from_items

        size = workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
        items = [item_of(block) for block in blocks]
        done = from_items(items, override_num_blocks=min(len(items), MOST_TASKS)).map_batches(
            BlockWorker,
            batch_size=None,
            fn_constructor_args=(load, str(parts.output)),
            compute=ActorPoolStrategy(size=min(size, len(items)), max_tasks_in_flight_per_actor=1),
            num_cpus=1,
        )
        try:
            for row in done.iter_rows():
                if row["fault"]:
                    raise WorkerError(f"{row['fault']}; {KEPT}")
                yield int(row["number"])
        except ray.exceptions.RayError as error:
            message = f"Ray: {type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
            raise WorkerError(f"{message}; {KEPT}") from error


def require_ray() -> Any:
    """Import Ray.

    :raises UsageError: it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise UsageError(
            '--engine ray needs Ray: pip install "broadsheet[ray]", or use --engine local'
        ) from error
    return ray


def item_of(block: Block) -> dict[str, Any]:
    """Return a block as a row of a Ray dataset."""
    stretch = block.stretch
    rows = -1 if stretch.rows is None else stretch.rows
    values = (stretch.first, rows, stretch.offset, stretch.within)
    return dict(zip(_COLUMNS, (block.number, block.name, block.path, *values), strict=True))


def _block(row: tuple[Any, ...]) -> Block:
    number, name, path, first, rows, offset, within = row
    stretch = Stretch(int(first), None if rows < 0 else int(rows), int(offset), int(within))
    return Block(int(number), str(name), str(path), stretch)


@contextlib.contextmanager
def _cluster(ray: Any, workers: int | None) -> Iterator[None]:
    """Use the cluster that is connected, or that $RAY_ADDRESS names, or start one here."""
    here = not ray.is_initialized()
    if here:
        local = {} if os.environ.get("RAY_ADDRESS") else {
            "num_cpus": workers, "object_store_memory": STORE, "include_dashboard": False,
        }  # fmt: skip
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **local)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(sys.stderr):  # where Ray tells of workers that died
            yield
    finally:
        if here:
            ray.shutdown()
