"""A recording from a project's files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from pipeline.errors import MissingArtifactError
from pipeline.params import Params, load_params
from pipeline.record import gather as room
from pipeline.serving.card import Card, write_card
from pipeline.store import costs, layout
from pipeline.store.bundle import FORMAT, Manifest, hash_files, write_manifest
from pipeline.store.metrics import read_metrics, write_metrics
from pipeline.thresholds import Trial, write_trials
from tests.curves import write_curves

ROOT = Path(__file__).parents[2]
ROW = {"group": "under 30", "topic_accuracy": 0.5, "country_f1": None}
DETAILS = {"articles": {"length": [ROW]}}
POINT = {"articles": 130, "accuracy": 0.75, "f1_macro": 0.7}
CURVE = {"topic": [POINT], "topic_with_packs": [], "country": [{"articles": 260, "f1": 0.9}]}
TRIALS = (Trial(0.1, 0.5, 1.0, 0.67), Trial(0.2, 0.8, 0.8, 0.8))
METRICS = {"segmentation": {"f1": 0.9}, "topic": {"f1_macro": 0.75, "layouts": {"digest": 1.0}}}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which every stage before ``record`` has run."""
    monkeypatch.chdir(tmp_path)
    for name in ("params.yaml", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for path in (layout.ARTICLES, layout.TRAIN_PAGES, layout.TEST_PAGES):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}\n")
    layout.PLOTS.mkdir(parents=True)
    (layout.PLOTS / "confusion.csv").write_text("actual,predicted\n")
    room.SUMMARY.write_text("# Results\n")
    layout.PREDICTIONS.write_text("")
    layout.REPORT.write_text("<!doctype html>")
    write_metrics(layout.METRICS, METRICS)
    write_metrics(layout.DETAILS, DETAILS)
    write_curves(CURVE)
    write_trials(layout.TOPIC_THRESHOLDS, TRIALS)
    write_trials(layout.REGION_THRESHOLDS, TRIALS[:1])
    for stage in costs.MEASURED:
        costs.write_cost(stage, costs.Cost(2.0, 3.0, 100.0))
    (layout.MODELS / "topic").mkdir(parents=True)
    (layout.MODELS / "topic" / "head.safetensors").write_bytes(b"model")
    write_card(layout.MODELS / layout.ENCODER, Card("fake", "fake@1", None, exported=True))
    files = hash_files(layout.MODELS)
    manifest = Manifest(FORMAT, "0.1.0", "fake", "fake@1", ("sport",), ("TH",), {}, files)
    write_manifest(layout.MODELS, manifest)
    return tmp_path


def params(**record: str) -> Params:
    loaded = load_params(ROOT / "params.yaml")
    changed = msgspec.structs.replace(loaded.record, **record)
    return msgspec.structs.replace(loaded, record=changed)


def test_everything_comes_from_files(project: Path) -> None:
    recording = room.gather(params(), {"DVC_EXP_NAME": "brave-oak"})
    cost = {name: value for name, value in recording.metrics.items() if name.startswith("cost/")}
    assert cost["cost/seconds"] == 2.0 * len(costs.MEASURED)
    assert cost["cost/peak_memory_mb"] == cost["cost/peak_memory_mb_by_stage/train-topic"] == 100.0
    assert {k: v for k, v in recording.metrics.items() if k not in cost} == {
        "segmentation/f1": 0.9,
        "topic/f1_macro": 0.75,
        "topic/layouts/digest": 1.0,
        "topic/accuracy_by_length/under 30": 0.5,
    }
    assert recording.curves == {
        "topic/learning_curve/accuracy": ((130, 0.75),),
        "topic/learning_curve/f1_macro": ((130, 0.7),),
        "region/learning_curve/country_f1": ((260, 0.9),),
    }
    assert [
        (one.name, one.metrics["validation/f1"], one.chosen) for one in recording.candidates
    ] == [
        ("topic.min_score=0.1", 0.67, False),
        ("topic.min_score=0.2", 0.8, True),
    ]
    assert recording.model is not None
    assert not any(item.startswith("sentence-") for item in recording.model.requirements)
    assert recording.model.tags["segmentation/f1"] == "0.900"
    assert recording.params["mix.seed"] == 7
    assert recording.name == f"brave-oak {recording.digest[:7]}"
    assert recording.tags["encoder"] == "fake@1"
    assert recording.note == "# Results\n"
    assert {data.name for data in recording.data} == {
        "articles",
        "training pages",
        "held-out pages",
    }
    assert all(len(data.digest) == 64 for data in recording.data)
    assert all(path.exists() for path, _ in recording.files)
    names = [(folder, path.name) for path, folder in recording.files]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("what", ["params", "metrics", "details", "topics", "countries", "models"])
def test_the_digest_tells_runs_apart(project: Path, what: str) -> None:
    before = room.run_digest(params())
    assert room.run_digest(params()) == before
    if what == "metrics":
        write_metrics(layout.METRICS, {"segmentation": {"f1": 0.91}})
    if what == "details":
        write_metrics(layout.DETAILS, {"articles": {}})
    if what == "topics":
        write_curves({**CURVE, "topic": []})
    if what == "countries":
        write_curves({**CURVE, "country": []})
    if what == "models":
        (layout.MODELS / layout.MANIFEST).write_text("{}")
    assert room.run_digest(params(model="other") if what == "params" else params()) != before


def test_a_stage_that_has_not_run_is_named(project: Path) -> None:
    layout.METRICS.unlink()
    with pytest.raises(MissingArtifactError, match="dvc repro evaluate"):
        room.gather(params(), {})


def test_the_answers_on_the_held_out_corpus_are_kept(project: Path) -> None:
    assert (layout.PREDICTIONS, "") in room.gather(params(), {}).files
    layout.PREDICTIONS.unlink()
    with pytest.raises(MissingArtifactError, match="dvc repro evaluate"):
        room.gather(params(), {})


def test_the_report_is_kept_and_no_part_of_the_digest(project: Path) -> None:
    recording = room.gather(params(), {})
    assert (layout.REPORT, "") in recording.files
    layout.REPORT.write_text("<!doctype html><title>another</title>")
    assert room.gather(params(), {}).digest == recording.digest
    layout.REPORT.unlink()
    with pytest.raises(MissingArtifactError, match="dvc repro report"):
        room.gather(params(), {})


def test_requirements_are_pinned_and_public() -> None:
    pinned = room.pinned(ROOT / "pyproject.toml")
    names = {item.partition("==")[0] for item in pinned}
    assert {"onnxruntime", "tokenizers", "numpy", "sentence-transformers"} <= names
    assert not names & {"torch", "scikit-learn", "onnx"}
    assert all("==" in item and "+" not in item for item in pinned)
    assert not any(item.startswith("dvc==") for item in pinned)


def test_the_stage_leaves_a_receipt_and_no_second_run(project: Path) -> None:
    """The stage itself, twice, with a stand-in for the served model's code."""
    script = project / room.SCRIPT
    script.parent.mkdir(parents=True)
    script.write_text(
        "from pipeline.tracking import serve\nserve(lambda folder: lambda texts: list(texts))\n"
    )
    said: list[str] = []
    receipts: list[bytes] = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.record"],
            env={"PYTHONSAFEPATH": "1", "PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(project)},
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(done.stderr)
        receipts.append(layout.RUN_RECORD.read_bytes())
    assert " recorded\n" in said[0]
    assert " was recorded before\n" in said[1]
    assert receipts[0] == receipts[1]
    assert read_metrics(layout.RUN_RECORD)["experiment"] == "broadsheet"
    assert list((project / "mlruns").rglob("head.safetensors"))


def test_what_it_cost_does_not_make_another_run(project: Path) -> None:
    before = room.gather(params(), {}).digest
    costs.write_cost("mix", costs.Cost(9.0, 9.0, 900.0))
    assert room.gather(params(), {}).digest == before
