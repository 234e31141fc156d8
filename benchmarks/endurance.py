"""A hundred thousand pages: is memory flat, and is an output the same after three kills?

``python -m benchmarks.endurance``. The generator makes short pages (the first words of an article
and what stands round them, now and then all of one). ``classify --resume`` labels them twice, in as
many processes as it takes by itself: without a break, and killed at three random moments and called
again. The resident memory of all processes of the first is noted as it goes. Writes
``docs/endurance.json`` and its table in ``docs/scale.md``; exits with 1 where the outputs differ, a
kill came too late, or memory grows by more than a tenth from the first thousand pages on.
"""

from __future__ import annotations

import filecmp
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
import typer
from msgspec import Struct

from benchmarks.options import Debug, ModelsFolder
from benchmarks.processes import CLASSIFY
from benchmarks.report import grid
from pipeline.console import guarded, say
from pipeline.journal import Commit
from pipeline.mix.layouts import mix_pages
from pipeline.plain import counted
from pipeline.readme import with_figures
from pipeline.records import Article
from pipeline.store.atomic import write_bytes, write_text
from pipeline.store.jsonl import read_records
from pipeline.store.layout import ARTICLES, MODELS
from pipeline.threads import cores

FIGURES = Path("docs/endurance.json")
DOCUMENT = Path("docs/scale.md")
ENDURANCE = ("<!-- endurance: begin -->", "<!-- endurance: end -->")
NAME = "endurance"
MARKS = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
KILLS = 3
FROM = 1_000  # pages: what is there by then may grow by GROWTH
GROWTH = 0.10
LOOK = 0.5  # seconds between two looks at a process
SEED = 11
WORDS = 9  # of an article, but of one in a hundred, which keeps its text


class Mark(NamedTuple):
    """Pages that were done, resident memory of all processes then, in MiB, and seconds."""

    pages: int
    megabytes: float
    seconds: float


class Figures(Struct, frozen=True):
    """``kills`` are the pages that were committed when the call was killed.

    ``processes`` are those that label, ``seconds`` what the unbroken run took, ``peak`` is the most
    resident memory that was seen in it from :data:`FROM` pages on, in MiB.
    """

    processes: int
    pages: int
    stories: int
    marks: list[Mark]
    peak: float
    kills: list[int]
    seconds: float
    identical: bool

    @property
    def growth(self) -> float:
        """By how much memory was larger at most than after the first :data:`FROM` pages."""
        first = next((mark.megabytes for mark in self.marks if mark.pages >= FROM), 0.0)
        return self.peak / first - 1 if first else float("inf")

    @property
    def passed(self) -> bool:
        """Whether nothing was lost or repeated after every kill, and memory was flat."""
        return self.identical and len(self.kills) == KILLS and self.growth <= GROWTH


class Run:
    """A call of ``classify --resume`` that can be looked at, and killed."""

    def __init__(self, source: Path, output: Path, models: Path) -> None:
        self.output = output
        self.journal = output.with_name(f"{output.name}.journal")
        self.command = [
            *(sys.executable, "-c", CLASSIFY, str(source), "-o", str(output)),
            *("--resume", "--quiet", "--models", str(models)),
        ]
        self.process = self._started()

    def again(self) -> None:
        """Kill it, and call it again."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = self._started()

    def going(self) -> bool:
        """Tell whether it still works.

        :raises CalledProcessError: it has failed.
        """
        code = self.process.poll()
        if code:
            raise subprocess.CalledProcessError(code, self.command)
        return code is None

    def done(self) -> int:
        """Count the pages that are committed."""
        try:
            with self.journal.open("rb") as file:
                file.seek(max(0, self.journal.stat().st_size - 4096))
                lines = file.read().split(b"\n")
            return msgspec.json.decode(lines[-2], type=Commit).inputs
        except (OSError, IndexError, msgspec.MsgspecError):
            return 0

    def megabytes(self) -> float:
        """Return the resident memory of its processes, in MiB; what they share counts in each."""
        own = self.process.pid
        try:
            children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii")
        except OSError:
            children = ""
        return sum(_resident(process) for process in (own, *map(int, children.split())))

    def stop(self) -> None:
        """Kill it if it still works."""
        self.process.kill()
        self.process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command)


def _resident(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/statm").read_text(encoding="ascii")
    except OSError:
        return 0.0  # it has ended
    return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def make_pages(path: Path, count: int) -> None:
    """Write short pages as JSON Lines."""
    articles = [
        article if number % 100 == 0 else _shortened(article)
        for number, article in enumerate(read_records(ARTICLES, Article))
    ]
    pages = mix_pages(articles, count, SEED, "short", {"single": 1.0})
    rows = ({"id": f"page-{i}", "text": page.text} for i, page in enumerate(pages))
    write_bytes(path, b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


def _shortened(article: Article) -> Article:
    words = article.paragraphs[0].split()[:WORDS]
    return msgspec.structs.replace(article, headline=None, paragraphs=(f"{' '.join(words)}.",))


def endure(source: Path, folder: Path, models: Path, count: int) -> Figures:
    """Label pages without a break, and then with breaks.

    :raises CalledProcessError: a run has failed.
    """
    rng = np.random.default_rng(SEED)
    moments = [int(x) for x in np.sort(rng.uniform(0.05, 0.95, KILLS)) * count]
    kills: list[int] = []
    with ExitStack() as stack:
        whole = Run(source, folder / "whole.jsonl", models)
        stack.callback(whole.stop)
        watch = Watch(whole)
        while watch.look():
            time.sleep(LOOK)
        broken = Run(source, folder / "broken.jsonl", models)
        stack.callback(broken.stop)
        while broken.going():
            if len(kills) < KILLS and broken.done() >= moments[len(kills)]:
                kills.append(broken.done())
                broken.again()
                say(NAME, f"killed after {kills[-1]} pages")
            time.sleep(LOOK)
    with whole.output.open("rb") as file:
        stories = sum(1 for _ in file)
    same = filecmp.cmp(whole.output, broken.output, shallow=False)
    seconds = round(watch.seconds)
    return Figures(cores(), count, stories, watch.marks, watch.peak, kills, seconds, same)


class Watch:
    """Looks at a run: the memory at each of :data:`MARKS`, and the most of it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.marks: list[Mark] = []
        self.peak = 0.0
        self.seconds = 0.0
        self._begun = time.monotonic()

    def look(self) -> bool:
        """Take notes; false when the run has ended."""
        megabytes, done = self.run.megabytes(), self.run.done()
        if not self.run.going():
            return False
        self.seconds = time.monotonic() - self._begun
        if done >= FROM:
            self.peak = max(self.peak, round(megabytes, 1))
        last = self.marks[-1].pages if self.marks else 0
        if passed := [mark for mark in MARKS if last < mark <= done]:
            self.marks.append(Mark(passed[-1], round(megabytes, 1), round(self.seconds)))
            say(NAME, f"{passed[-1]} pages: {megabytes:.1f} MiB, {self.seconds:.0f} s")
        return True


def table(figures: Figures) -> str:
    """Say what was seen, as Markdown."""
    kills = ", ".join(f"{pages:,}" for pages in figures.kills)
    same = "the same, byte for byte" if figures.identical else "NOT the same"
    processes = counted(figures.processes, "process", "processes")
    lines = [
        f"{figures.pages:,} short pages, {figures.stories:,} stories, labelled in {processes}:",
        f"once unbroken in {figures.seconds / 60:.0f} minutes, once killed after",
        f"{kills} pages and gone on with. The outputs are {same}.",
        "Resident memory of all processes of the first, what they share counted in each,",
        f"grew by {figures.growth:.1%} at most after its first {FROM:,} pages, to",
        f"{figures.peak:.0f} MiB:",
        "",
    ]
    rows = [["pages done", "resident memory, MiB", "minutes"]]
    rows += [
        [f"{mark.pages:,}", f"{mark.megabytes:.0f}", f"{mark.seconds / 60:.1f}"]
        for mark in figures.marks
    ]
    return "\n".join([*lines, grid(rows)])


def main(
    models: ModelsFolder = MODELS,
    pages: Annotated[int, typer.Option("--pages", min=10)] = 100_000,
    debug: Debug = False,
) -> None:
    """Make pages, label them with and without kills, and compare."""
    with guarded(NAME, debug), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_pages(folder / "pages.jsonl", pages)
        say(NAME, f"{pages} pages made")
        figures = endure(folder / "pages.jsonl", folder, models, pages)
        write_bytes(FIGURES, msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
        text = DOCUMENT.read_text(encoding="utf-8")
        write_text(DOCUMENT, with_figures(text, table(figures), ENDURANCE, DOCUMENT))
        say(NAME, f"identical: {figures.identical}; memory grew by {figures.growth:.1%}")
        raise typer.Exit(int(not figures.passed))


if __name__ == "__main__":
    typer.run(main)
