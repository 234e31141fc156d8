from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from io import StringIO
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import msgspec
import pytest

from benchmarks import speed
from benchmarks.agreement import differing, largest_difference
from benchmarks.processes import Lap, Worker, call
from benchmarks.speed import chosen, compare, machine, measure, named_folders
from benchmarks.speed_report import report
from benchmarks.ways import (
    LANGCHAIN,
    SERVED,
    WAYS,
    Account,
    Clock,
    Opened,
    Spent,
    in_processes,
    labelling,
    read_pages,
    work,
)
from pipeline.errors import BroadsheetError, UsageError
from pipeline.records import Country, Document, Span, Topic
from tests.benchmarks.made import write_pages
from tests.cli.fake_classifier import FakeClassifier

PAGE = "Rain fell on Oslo.\n\nShares rose in Lima."
ECHO = (
    "import sys, json; print(json.dumps({'passes': 2}), flush=True)\n"
    "for _ in sys.stdin: print(json.dumps({'seconds': 2.0, 'busy': 1.5}), flush=True)"
)


def documents() -> tuple[Document, Document]:
    one = FakeClassifier().document(PAGE, "a")
    return one, FakeClassifier().document(PAGE, "a")


def test_equal_documents_agree() -> None:
    one, other = documents()
    assert differing(one, other) == []
    assert largest_difference(one, other) == 0.0


def test_scores_may_differ_and_nothing_else() -> None:
    one, other = documents()
    story = msgspec.structs.replace(
        other.stories[0],
        boundary=other.stories[0].boundary - 0.25,
        topics=tuple(Topic(t.id, t.name, t.score) for t in other.stories[0].topics),
    )
    near = msgspec.structs.replace(other, stories=(story, *other.stories[1:]))
    assert differing(one, near) == []
    assert largest_difference(one, near) == pytest.approx(0.25)
    named = msgspec.structs.replace(story, countries=(Country("XK", "Kosovo", 0.5),))
    far = msgspec.structs.replace(other, stories=(named, *other.stories[1:]), residue=(Span(0, 1),))
    assert differing(one, far) == ["residue", "countries"]
    assert differing(one, msgspec.structs.replace(other, stories=())) == ["stories"]


def test_a_call_is_timed_and_a_failed_one_is_no_figure() -> None:
    done = call(["-c", "print('here')"])
    assert done.output == b"here\n"
    assert done.seconds > 0 and done.megabytes > 1
    with pytest.raises(subprocess.CalledProcessError):
        call(["-c", "raise SystemExit(3)"])


def test_a_clock_counts_what_goes_by_inside() -> None:
    clock = Clock(perf_counter)
    clock.around(sleep)(0.01)
    assert clock.seconds >= 0.01


def test_a_worker_makes_a_lap_when_told_to_and_its_threads_are_limited() -> None:
    threads = "import os, json; print(json.dumps(dict(os.environ)), flush=True)"
    limited = Worker("threads", ["-c", threads], threads=3)
    found = limited.answer()
    assert found["OMP_NUM_THREADS"] == found["RAYON_NUM_THREADS"] == "3"
    limited.close()
    worker = Worker("echo", ["-c", ECHO], threads=1)
    assert worker.answer() == {"passes": 2}
    assert [worker.lap(), worker.lap()] == [Lap(2.0, 1.5)] * 2
    assert worker.close() > 1
    assert worker.process.returncode == 0


@pytest.mark.parametrize("script", ["raise SystemExit(3)", "print('{}', flush=True)"])
def test_a_worker_that_ends_early_is_named(script: str) -> None:
    worker = Worker("late", ["-c", script], threads=1)
    with pytest.raises(BroadsheetError, match="late has ended"):
        worker.answer()
        worker.lap()
    worker.close()


def test_work_is_a_lap_a_line() -> None:
    laps: list[int] = []

    def lap() -> Spent:
        laps.append(1)
        return Spent(0.25, elsewhere=7.0, megabytes=30.0)

    answers = StringIO()
    work(Opened(lap, {"passes": 7}), ["\n", "\n"], answers)
    first, *others = map(json.loads, answers.getvalue().splitlines())
    assert first == {"passes": 7}
    assert len(laps) == len(others) == 2
    assert all(set(other) == set(Lap._fields) for other in others)
    assert all(7.0 < other["busy"] < 8.0 and other["seconds"] < 7.0 for other in others)
    assert all((other["inside"], other["megabytes"]) == (0.25, 30.0) for other in others)


def test_labelling_goes_through_all_pages_and_times_the_encoders_anew() -> None:

    class Slow:
        def encode(self) -> None:
            sleep(0.01)

        states = answers = encode

    class Classifier(FakeClassifier):
        encoder: Any = Slow()

        def document(self, text: str, source: str = "", **options: Any) -> Document:
            reader: Any = self.segmenter.reader
            for inside in (self.encoder.encode, reader.network.states, reader.network.answers):
                inside()
            return super().document(text, source, **options)

    classifier: Any = Classifier()
    classifier.segmenter.reader = type("Reader", (), {"network": Slow()})
    lap = labelling(classifier, [PAGE, PAGE], perf_counter).lap
    inside = [lap().inside, lap().inside]
    assert len(classifier.calls) == 5
    assert all(seconds is not None and 0.06 <= seconds < 0.6 for seconds in inside)


def counting_pages(seconds: float) -> Callable[[str], tuple[str, Account]]:
    """Make what gives account of the pages that its process has labelled."""
    done: list[str] = []

    def label(text: str) -> tuple[str, Account]:
        done.append(text)
        sleep(seconds)
        return text, Account(os.getpid(), float(len(done)), len(done) / 4, 50.0)

    return label


def test_a_lap_in_processes_counts_what_each_of_them_has_spent_in_it() -> None:
    opened = in_processes(partial(counting_pages, 0.05), [PAGE] * 6, size=2)
    for spent in (opened.lap(), opened.lap()):
        assert (spent.inside, spent.elsewhere) == (1.5, 6.0)
        assert spent.megabytes > 100.0  # of both, and of this process


def test_pages_of_the_shared_folder_are_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    write_pages(tmp_path)
    assert [page.id for page in read_pages(tmp_path, 5)] == ["a", "b"]
    assert [page.id for page in read_pages(tmp_path, 1)] == ["a"]
    with pytest.raises(UsageError, match="--shared"):
        read_pages(tmp_path / "none", 1)


def test_ratios_are_of_runs_in_the_same_round() -> None:
    laps = {
        SERVED: [Lap(1.0, 1.0, 0.9), Lap(10.0, 2.0, 1.6), Lap(2.0, 1.0, 0.95)],
        "slow": [Lap(3.0, 2.0), Lap(30.0, 5.0), Lap(8.0, 2.5)],
    }
    found = compare(laps, pages=4)
    assert found[SERVED] == {
        "pages_a_second": 2.0,
        "served_over": 1.0,
        "served_over_least": 1.0,
        "served_over_most": 1.0,
        "served_over_busy": 1.0,
        "outside_the_encoders": 0.1,
    }
    assert found["slow"] == {
        "pages_a_second": 0.5,
        "served_over": 3.0,
        "served_over_least": 3.0,
        "served_over_most": 4.0,
        "served_over_busy": 2.5,
    }


def test_ways_go_in_turn_every_second_round_in_reverse(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []

    class FakeWorker:
        def __init__(self, name: str, arguments: Sequence[str], threads: int) -> None:
            self.name = name

        def answer(self) -> dict[str, int]:
            return {"passes": 1} if self.name == "units" else {}

        def lap(self) -> Lap:
            turns.append(self.name)
            served = self.name == SERVED
            return Lap(2.0 if served else 1.0, 1.0, None, 200.0 + len(turns) if served else 0.0)

        def close(self) -> float:
            return 99.6

    monkeypatch.setattr(speed, "Worker", FakeWorker)
    found = measure({SERVED: [], "units": []}, threads=1, pages=6, rounds=3)
    assert turns == [SERVED, "units", "units", SERVED, SERVED, "units"]
    assert found[SERVED]["pages_a_second"] == 3.0
    assert found["units"]["served_over"] == 0.5
    assert (found["units"]["megabytes"], found["units"]["passes"]) == (100, 1)
    assert found[SERVED]["megabytes"] == 205  # the most of any round, of all its processes


def test_variants_have_a_free_name_and_a_folder(tmp_path: Path) -> None:
    assert named_folders([f"int8={tmp_path}"]) == {"int8": tmp_path}
    for wrong in ("int8", f"={tmp_path}", f"served={tmp_path}", f"int8={tmp_path / 'none'}"):
        with pytest.raises(UsageError, match="--variant"):
            named_folders([wrong])
    with pytest.raises(UsageError, match="taken"):
        named_folders([f"a={tmp_path}", f"a={tmp_path}"])


def test_ways_are_chosen_by_name_and_an_unknown_one_is_named() -> None:
    assert chosen("all") == list(WAYS)
    assert chosen("sentences,encoders") == [SERVED, "encoders", "sentences"]
    with pytest.raises(UsageError, match="no bare, loop; there are served"):
        chosen("encoders,loop,bare")


def test_the_machine_is_named() -> None:
    found = machine()
    assert found["processor"] and found["cores"] >= 1


def test_the_report_has_a_row_a_way_and_says_what_is_not_installed() -> None:
    laps = {name: [Lap(1.0, 1.0, 0.5)] for name in [*WAYS, "int8"] if name != LANGCHAIN}
    ways = {name: {**own, "megabytes": 5} for name, own in compare(laps, 2).items()}
    start = {"seconds": 1.0, "fastest": 0.5, "megabytes": 9}
    page = report(
        {
            "machine": {"processor": "Abacus | Mark 2", "cores": 1},
            "cold": {"served": start, "trained": start, "help": start, "calls": 1},
            "warm": {
                "set": "pages_dev",
                "pages": 2,
                "characters": 3000,
                "rounds": 1,
                "threads": [{"threads": 1, "ways": {**ways, LANGCHAIN: None}}],
            },
            "agreement": {"pages": 2, "largest_difference": 0.0, "differ": {}},
        }
    )
    rows = [row for row in page.splitlines() if row.startswith("| ")]
    assert "| Broadsheet | 2.00 | – | – | 5 | 50.0% |" in rows
    assert "| Broadsheet, models `int8` | 2.00 | 1.00 [1.00, 1.00] | 1.00 | 5 | 50.0% |" in rows
    assert f"| {WAYS[LANGCHAIN]} (not installed) | – | – | – | – | – |" in rows
    assert all(any(title in row for row in rows) for title in WAYS.values())
    assert "Abacus" in page and "2 pages (pages_dev, 3,000 characters), 1 round." in page
