"""What a million pages cost, and how that grows with workers: measured here, simulated beyond.

Measured on this machine: seconds of one core that a page takes, of a sample of pages, and that the
models take to load; seconds until Ray's workers are there, and what a block costs beyond its pages.
Simulated: blocks of pages, their times drawn from the sample, given out in order to workers that
are free; the parts joined at the end. Left out: a file system that all workers share and that is
slower than a local disk, and workers that die.

    OMP_NUM_THREADS=1 python -m benchmarks.scale PAGES.jsonl   measure, simulate, set the tables
    python -m benchmarks.scale                                 simulate anew, set the tables
"""

from __future__ import annotations

import heapq
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.random import Generator

from pipeline.batch.run import ROWS_A_BLOCK, Batch, run_batch
from pipeline.documents import classifying
from pipeline.labeller import Label
from pipeline.listing import find_inputs
from pipeline.readme import with_figures
from pipeline.records import Document
from pipeline.rows import Row
from pipeline.store.atomic import write_bytes, write_text

FIGURES = Path("docs/scale.json")
DOCUMENT = Path("docs/scale.md")
SCALE = ("<!-- scale: begin -->", "<!-- scale: end -->")
PAGES = 1_000_000
WORKERS = (1, 2, 8, 32, 128, 512)
PRICE = 0.04  # US dollars for an hour of one core, about what clouds ask on demand
SEED = 5
BLOCKS = 1000  # with nothing to do, given to Ray to see what a block costs


class Figures(Struct, frozen=True):
    """What was measured; seconds, but for ``bytes_a_page`` of output."""

    pages: list[float]
    load: float
    ray_start: float
    ray_block: float
    join_a_gigabyte: float
    bytes_a_page: float


def measure(source: Path, models: Path) -> Figures:
    """Measure on the pages of a dataset."""
    from pipeline.cli import load_classifier

    began = time.process_time()
    label = classifying(load_classifier, models)
    label("Rain in Lille.", "")  # some models are loaded when they are first used
    load = time.process_time() - began
    pages, size = [], 0
    for row in find_inputs([str(source)]):
        assert isinstance(row, Row)
        began = time.process_time()
        document = label(row.text, row.source)
        pages.append(time.process_time() - began)
        size += sum(len(msgspec.json.encode(story)) for story in document.stories)
    with tempfile.TemporaryDirectory() as folder:
        few, many = (_ray_seconds(Path(folder), blocks) for blocks in (2, 2 + BLOCKS))
        joined = _copy_seconds(Path(folder))
    return Figures(
        [round(seconds, 4) for seconds in pages],
        round(load, 1),
        round(few, 1),
        round(max(many - few, 0) / BLOCKS, 4),
        round(joined, 1),
        round(size / len(pages)),
    )


def simulate(figures: Figures, workers: int, rng: Generator) -> float:
    """Return the seconds that :data:`PAGES` pages take on ``workers`` cores."""
    blocks = -(-PAGES // ROWS_A_BLOCK)
    times = rng.choice(np.array(figures.pages), (blocks, ROWS_A_BLOCK)).sum(axis=1)
    free = [figures.ray_start + figures.load] * workers
    for seconds in times:
        heapq.heappush(free, heapq.heappop(free) + float(seconds) + figures.ray_block)
    return max(free) + figures.join_a_gigabyte * PAGES * figures.bytes_a_page / 1e9


def tables(figures: Figures) -> str:
    """Return what was measured and simulated, as Markdown."""
    pages = np.array(figures.pages)
    alone = PAGES * float(pages.mean())
    lines = [
        "| measured on one core | |",
        "| --- | ---: |",
        f"| pages a second | {1 / pages.mean():.1f} |",
        f"| seconds a page: median, 95th percentile | "
        f"{np.median(pages):.3f}, {np.quantile(pages, 0.95):.3f} |",
        f"| core hours for a million pages | {alone / 3600:.1f} |",
        f"| at ${PRICE} a core hour | ${alone / 3600 * PRICE:.2f} |",
        f"| loading the models, seconds | {figures.load} |",
        f"| until Ray's workers are there, seconds | {figures.ray_start} |",
        f"| what Ray adds to a block of {ROWS_A_BLOCK} pages, seconds | {figures.ray_block} |",
        f"| that is, of the block's time | "
        f"{figures.ray_block / (ROWS_A_BLOCK * pages.mean()):.2%} |",
        "",
        "| workers (simulated) | hours for a million pages | of ideal | cost |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for workers in WORKERS:
        seconds = simulate(figures, workers, np.random.default_rng(SEED))
        cost = seconds / 3600 * workers * PRICE
        share = alone / workers / seconds
        lines.append(f"| {workers} | {seconds / 3600:.2f} | {share:.1%} | ${cost:.2f} |")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Measure if pages are named; set the tables of the document."""
    if arguments:
        models = Path(arguments[1]) if len(arguments) > 1 else Path("models")
        write_bytes(FIGURES, msgspec.json.encode(measure(Path(arguments[0]), models)) + b"\n")
    figures = msgspec.json.decode(FIGURES.read_bytes(), type=Figures)
    text = DOCUMENT.read_text(encoding="utf-8")
    write_text(DOCUMENT, with_figures(text, tables(figures), SCALE, DOCUMENT))


def _ray_seconds(folder: Path, blocks: int) -> float:
    """Take the time of a batch of blocks with nothing to do, on one worker."""
    source = folder / f"{blocks}.jsonl"
    source.write_text('{"text": ""}\n' * blocks * ROWS_A_BLOCK, encoding="utf-8")
    output = folder / f"{blocks}.out.jsonl"
    began = time.perf_counter()
    run_batch(Batch(str(source), output, {}, "ray", 1, quiet=True), _idle)
    return time.perf_counter() - began


def _idle() -> Label:
    return lambda text, source: Document(source, (), (), 0.0)


def _copy_seconds(folder: Path) -> float:
    source = folder / "source"
    source.write_bytes(bytes(100_000_000))
    began = time.perf_counter()
    shutil.copyfile(source, folder / "copy")
    return (time.perf_counter() - began) * 10


if __name__ == "__main__":
    main(sys.argv[1:])
