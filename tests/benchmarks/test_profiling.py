from __future__ import annotations

import time

import pytest

from benchmarks import profiling
from benchmarks.profiling import main, page, profiled, tables
from pipeline.errors import BroadsheetError
from pipeline.plain import counted
from pipeline.threads import VARIABLE, in_order


def napping(number: int) -> str:
    time.sleep(0.02)
    return counted(number, "nap", "naps")


def test_what_is_called_outside_is_charged_to_the_module_that_calls_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    found = profiled(lambda: list(in_order(napping, range(5))))
    modules = found.modules
    assert modules["threads"] >= 0.1 > 0.05 > modules["plain"] > 0
    assert sum(modules.values()) == pytest.approx(sum(found.seconds.values()))
    assert set(modules) <= {"threads", "plain", "elsewhere"}


def test_the_tables_show_shares_that_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    found = profiled(lambda: list(in_order(napping, range(5))))
    shown = tables(found, pages=5)
    shares = [
        float(line.split("|")[3].strip(" %"))
        for line in shown.partition("## The functions")[0].splitlines()
        if line.startswith("| `")
    ]
    assert sum(shares) == pytest.approx(100, abs=0.5)
    assert "`threads.in_order`" in shown
    assert "2 pages (held-out pages, 7 characters)" in page(
        found, ["Oslo", "Rio"], "held-out pages"
    )


def test_a_profile_of_several_threads_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(profiling, "cores", lambda: 2)
    with pytest.raises((BroadsheetError, SystemExit, profiling.typer.Exit)):
        main()
    assert f"call it with {VARIABLE}=1" in capsys.readouterr().err
