from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline import threads


def machine(folder: Path, siblings: dict[int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for cpu, shared in siblings.items():
        path = folder / f"cpu{cpu}/topology/thread_siblings_list"
        path.parent.mkdir(parents=True)
        path.write_text(shared)
    monkeypatch.setattr(threads, "CPUS", folder)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(siblings), raising=False)
    monkeypatch.delenv(threads.VARIABLE, raising=False)


@pytest.mark.parametrize(
    ("siblings", "count"),
    [
        ({0: "0"}, 1),
        ({0: "0", 1: "1"}, 2),
        ({0: "0,2", 1: "1,3", 2: "0,2", 3: "1,3"}, 2),
        ({4: "4,12", 5: "5,13"}, 2),
    ],
)
def test_threads_that_share_a_core_count_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, siblings: dict[int, str], count: int
) -> None:
    machine(tmp_path, siblings, monkeypatch)
    assert threads.cores() == count


def test_where_nothing_says_what_is_shared_every_processor_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, {0: "0", 1: "1"}, monkeypatch)
    monkeypatch.setattr(threads, "CPUS", tmp_path / "nowhere")
    assert threads.cores() == 2


@pytest.mark.parametrize(("given", "count"), [("3", 3), ("0", 1), ("", 1), ("many", 1)])
def test_the_environment_has_the_last_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, count: int
) -> None:
    machine(tmp_path, {0: "0"}, monkeypatch)
    monkeypatch.setenv(threads.VARIABLE, given)
    assert threads.cores() == count
