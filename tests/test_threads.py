from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from pipeline import threads
from pipeline.threads import apart, in_order, long_turns, one_thread


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


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(threads.VARIABLE, "2")


@given(items=st.lists(st.integers(0, 3), max_size=12), cores=st.integers(1, 4))
def test_results_come_in_the_order_of_the_items(items: list[int], cores: int) -> None:
    def slowly(number: int) -> int:
        time.sleep(number / 2_000)
        return number * number

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(threads.VARIABLE, str(cores))
        assert list(in_order(slowly, items)) == [number * number for number in items]


def test_items_are_done_side_by_side(two_cores: None) -> None:
    both = threading.Barrier(2)

    def wait(item: str) -> str:
        both.wait(timeout=20)
        return item

    assert list(in_order(wait, "ab")) == ["a", "b"]


@pytest.mark.parametrize(("cores", "items"), [("1", "abc"), ("4", "a"), ("4", "")])
def test_one_core_or_one_item_needs_no_other_thread(
    monkeypatch: pytest.MonkeyPatch, cores: str, items: str
) -> None:
    monkeypatch.setenv(threads.VARIABLE, cores)
    own = threading.current_thread()
    assert list(in_order(lambda _: threading.current_thread(), items)) == [own] * len(items)


def test_what_is_done_beside_others_does_its_own_items_one_by_one(two_cores: None) -> None:
    def inner(_: str) -> set[threading.Thread]:
        used = set(in_order(lambda _: threading.current_thread(), "abc"))
        assert used == {threading.current_thread()}
        return used

    used = set().union(*in_order(inner, "abcdef"))
    assert threading.current_thread() not in used and len(used) <= 2


def test_items_are_taken_in_the_callers_thread_and_a_few_ahead(two_cores: None) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(50):
            assert threading.current_thread() is threading.main_thread()
            taken.append(number)
            yield number

    for done, number in enumerate(in_order(lambda number: number, items())):
        assert number == done
        assert len(taken) <= done + threads.AHEAD * 2


def test_a_fault_comes_in_its_turn_and_what_waits_is_not_begun(two_cores: None) -> None:
    begun: list[int] = []
    asked = threading.Event()

    def fail_at_one(number: int) -> int:
        begun.append(number)
        if number == 1:
            raise ValueError("one")
        if number == 2:
            assert asked.wait(timeout=20)
        return number

    results = in_order(fail_at_one, range(100))
    assert next(results) == 0
    with pytest.raises(ValueError, match="one"):
        threading.Timer(0.05, asked.set).start()
        next(results)
    assert len(begun) <= 1 + threads.AHEAD * 2
    assert next(results, None) is None


@pytest.mark.parametrize("cores", ["1", "4"])
@pytest.mark.parametrize("count", [0, 1, 2, 20])
def test_a_fault_in_taking_an_item_comes_after_the_results_before_it(
    monkeypatch: pytest.MonkeyPatch, cores: str, count: int
) -> None:
    monkeypatch.setenv(threads.VARIABLE, cores)

    def items() -> Iterator[int]:
        yield from range(count)
        raise OSError("gone")

    found: list[int] = []
    with pytest.raises(OSError, match="gone"):
        for number in in_order(abs, items()):
            found.append(number)
    assert found == list(range(count))


def test_who_stops_asking_leaves_no_thread_behind(two_cores: None) -> None:
    before = set(threading.enumerate())
    results = in_order(lambda number: number, iter(range(1_000_000)))
    assert next(results) == 0
    results.close()
    assert not set(threading.enumerate()) - before


def test_who_stops_asking_waits_for_no_more_than_one_inner_item(two_cores: None) -> None:
    done: list[int] = []
    waits = threading.Event()

    def outer(number: int) -> int:
        def inner(step: int) -> int:
            if number == 1:
                waits.set()
                time.sleep(0.02)
                done.append(step)
            return step

        if number == 0:
            assert waits.wait(timeout=20)  # until its neighbour is at work
        return sum(in_order(inner, range(500)))

    results = in_order(outer, range(3))
    next(results)
    results.close()
    assert len(done) < 400


def test_turns_are_long_for_as_long_as_they_are_asked_to_be() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(ValueError, match="broken off"), long_turns():
        assert sys.getswitchinterval() == pytest.approx(threads.TURN)
        raise ValueError("broken off")
    assert sys.getswitchinterval() == before


def test_turns_stay_long_until_the_last_who_asked_has_left() -> None:
    before = sys.getswitchinterval()
    first, second = long_turns(), long_turns()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert sys.getswitchinterval() == pytest.approx(threads.TURN)
    second.__exit__(None, None, None)
    assert sys.getswitchinterval() == before


def test_what_is_apart_has_one_thread_each_and_comes_in_order() -> None:
    def seen(item: int) -> tuple[int, set[int]]:
        return item, {pool["num_threads"] for pool in threadpool_info()}

    with one_thread():  # which loads the libraries that have pools
        pass
    before = threadpool_info()
    assert apart(seen, range(5)) == [(item, {1}) for item in range(5)]
    assert threadpool_info() == before


def test_a_fault_of_what_is_apart_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        apart(lambda item: 1 // item, [1, 0, 2])
