from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import BroadsheetError, MissingArtifactError, UsageError
from pipeline.habits.history import find_run, read_judged, read_runs
from tests.habits.book import AFTER, METRICS, recorded


def uri_of(written: Path) -> str:
    return f"sqlite:///{written / 'mlflow.db'}"


def test_runs_come_newest_first_and_whole(written: Path) -> None:
    runs = read_runs(uri_of(written), "news")
    assert [(run.name, run.status) for run in runs] == [
        ("broken", "failed"),
        ("brave-oak 2222222", "finished"),
        ("0babd48+ 1111111", "finished"),
        ("old", "finished"),
    ]
    third = runs[2]
    assert third.metrics == METRICS
    assert third.params == {"mix.seed": "7", "topic.regularisation": "1.0"}
    assert (third.commit, third.dirty, third.experiment) == ("0babd48fe1", True, None)
    assert (runs[1].dirty, runs[1].experiment) == (False, "brave-oak")
    assert runs[0].started >= runs[1].started >= runs[2].started


@pytest.mark.parametrize("page", [1, 3, 200])
def test_pages_of_the_answer_are_joined(
    written: Path, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = read_runs(uri_of(written), "news")
    monkeypatch.setattr("pipeline.habits.history.PAGE", page)
    assert read_runs(uri_of(written), "news") == every
    assert read_runs(uri_of(written), "news", 2) == every[:2]
    assert read_runs(uri_of(written), "news", 9) == every


def test_reading_changes_nothing(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (written / "mlflow.db").read_bytes()
    (run,) = [run for run in read_runs(uri_of(written), "news") if run.experiment == "brave-oak"]
    assert read_judged(uri_of(written), run) == AFTER
    assert (written / "mlflow.db").read_bytes() == before
    assert list(tmp_path.iterdir()) == []


def test_a_run_may_have_kept_no_answers(written: Path) -> None:
    runs = read_runs(uri_of(written), "news")
    assert read_judged(uri_of(written), runs[-1]) is None


def test_an_unknown_experiment_names_those_there_are(written: Path) -> None:
    with pytest.raises(UsageError, match="no experiment 'sports': there is news"):
        read_runs(uri_of(written), "sports")


def test_an_experiment_without_runs_has_none_yet(written: Path) -> None:
    with pytest.raises(MissingArtifactError, match="no runs yet in experiment 'Default'"):
        read_runs(uri_of(written), "Default")


def test_a_place_that_mlflow_does_not_know_is_one_line() -> None:
    with pytest.raises(BroadsheetError, match="cannot be used") as caught:
        read_runs("gopher://me:secret@host/runs", "news")
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


RUNS = [
    recorded(4, status="running"),
    recorded(3, tags={"dvc.experiment": "brave-oak"}),
    recorded(2, name="twin"),
    recorded(1, name="twin", id="02abffff" * 4),
]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("latest", 1),
        ("latest~0", 1),
        ("latest~2", 3),
        ("04ab" * 8, 0),
        ("04", 0),
        ("03AB", 1),
        ("02abf", 3),
        ("run 3", 1),
        ("brave-oak", 1),
    ],
)
def test_a_run_is_found_by_age_id_or_name(wanted: str, index: int) -> None:
    assert find_run(RUNS, wanted) is RUNS[index]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("latest~3", "no run latest~3: 3 finished"),
        ("latest~-1", "no run 'latest~-1'"),
        ("zzz", "no run 'zzz': `broadsheet runs` lists them"),
        ("", "no run ''"),
        ("02ab", r"'02ab' may be any of 2 runs \(02ab02ab, 02abffff\): give more of an id"),
        ("twin", "'twin' may be any of 2 runs"),
    ],
)
def test_a_run_that_is_not_there_or_not_one(wanted: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_run(RUNS, wanted)
