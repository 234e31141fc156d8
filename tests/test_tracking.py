"""Runs in MLflow: everything is there, once, wherever and by however many it is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline import tracking
from pipeline.tracking import Candidate, Data, Recording, Run, Served

SCRIPT = """
from pathlib import Path
from pipeline.tracking import serve

def open_bundle(folder):
    word = (folder / "word.txt").read_text()
    return lambda texts: [f"{word} {text}" for text in texts]

serve(open_bundle)
"""


WRITER = """
import sys
from pathlib import Path
from pipeline.tracking import Recording, tracking_uri, write_run

root, digest = Path(sys.argv[1]), sys.argv[2]
recording = Recording("news", "parallel", digest, {}, {"a/b": 1.0}, {}, "", (), ())
print(write_run(recording, root, tracking_uri(root, {})).new)
"""


def make_recording(folder: Path, digest: str = "d1", **changes: Any) -> Recording:
    folder.mkdir(exist_ok=True)
    (folder / "plots").mkdir(exist_ok=True)
    (folder / "plots" / "confusion.csv").write_text("actual,predicted\nsport,sport\n")
    (folder / "summary.md").write_text("# Results\n")
    (folder / "pages.jsonl").write_text("{}\n")
    recording = Recording(
        experiment="news",
        name="run one",
        digest=digest,
        params={f"section.key{i}": i for i in range(130)},
        metrics={f"topic/metric{i}": i / 7 for i in range(230)} | {"layouts/flat (1)": 0.5},
        tags={"git.commit": "abc"},
        note="# Results\n",
        data=(Data("pages", folder / "pages.jsonl", "ab" * 32, "training"),),
        files=((folder / "summary.md", ""), (folder / "plots", "plots")),
        curves={"topic/curve": ((130, 0.7), (1300, 0.9))},
    )
    return msgspec.structs.replace(recording, **changes)


def client(root: Path) -> Any:
    import mlflow

    uri = tracking.tracking_uri(root, {})
    return mlflow.MlflowClient(uri, registry_uri=uri)


def write(root: str, digest: str) -> Run:
    folder = Path(root)
    return tracking.write_run(
        make_recording(folder / f"in-{digest}", digest), folder, tracking.tracking_uri(folder, {})
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project root whose empty database two processes opened at once."""
    folder = tmp_path_factory.mktemp("project")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), digest], stdout=subprocess.PIPE, text=True
        )
        for digest in ("p1", "p2")
    ]
    assert [writer.communicate()[0].strip() for writer in writers] == ["True", "True"]
    return folder


def test_a_run_holds_all_it_was_given(root: Path) -> None:
    run_id = write(str(root), "d1").id
    run = client(root).get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "run one"
    assert len(run.data.params) == 130
    assert len(run.data.metrics) == 232
    curve = client(root).get_metric_history(run_id, "topic/curve")
    assert [(point.step, point.value) for point in curve] == [(130, 0.7), (1300, 0.9)]
    assert run.data.metrics["topic/metric7"] == 1.0
    assert run.data.metrics["layouts/flat _1_"] == 0.5
    assert run.data.tags["git.commit"] == "abc"
    assert run.data.tags["mlflow.note.content"] == "# Results\n"
    (used,) = run.inputs.dataset_inputs
    assert (used.dataset.name, used.dataset.digest) == ("pages", "ab" * 8)
    assert {tag.key: tag.value for tag in used.tags}["mlflow.data.context"] == "training"


def test_files_lie_beside_the_database(root: Path) -> None:
    run_id = write(str(root), "d1").id
    listed = client(root).list_artifacts(run_id)
    assert {item.path for item in listed} == {"summary.md", "plots"}
    assert list((root / "mlruns").rglob("confusion.csv"))


def test_the_same_digest_is_written_once(root: Path) -> None:
    first, second = write(str(root), "d1"), write(str(root), "d1")
    assert (second.id, second.new) == (first.id, False)
    experiment = client(root).get_experiment_by_name("news").experiment_id
    names = [run.info.run_name for run in client(root).search_runs([experiment])]
    assert sorted(names) == ["parallel", "parallel", "run one"]


def test_what_a_search_tried_lies_below_its_run(root: Path) -> None:
    tried = tuple(
        Candidate(f"min_score={at}", {"topic.min_score": at}, {"validation/f1": at}, at == 0.2)
        for at in (0.1, 0.2)
    )
    uri = tracking.tracking_uri(root, {})
    run = tracking.write_run(make_recording(root / "in", "d9", candidates=tried), root, uri)
    experiment = client(root).get_experiment_by_name("news").experiment_id
    below = client(root).search_runs([experiment], f"tags.mlflow.parentRunId = '{run.id}'")
    found = {one.info.run_name: one for one in below}
    assert set(found) == {"min_score=0.1", "min_score=0.2"}
    chosen = found["min_score=0.2"]
    assert chosen.info.status == "FINISHED"
    assert chosen.data.params == {"topic.min_score": "0.2"}
    assert chosen.data.metrics == {"validation/f1": 0.2}
    assert [one.data.tags[tracking.CHOSEN_TAG] for _, one in sorted(found.items())] == [
        "false",
        "true",
    ]
    for one in (*below, client(root).get_run(run.id)):
        client(root).delete_run(one.info.run_id)


def test_a_run_id_in_the_environment_is_left_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write(str(root), "d1").id
    monkeypatch.setenv("MLFLOW_RUN_ID", other)
    run = write(str(root), "d3")
    assert run.new
    assert run.id != other
    client(root).delete_run(run.id)


def test_a_failed_run_does_not_count(root: Path) -> None:
    broken = make_recording(root / "in", "d4", files=((root / "absent", ""),))
    uri = tracking.tracking_uri(root, {})
    with pytest.raises(OSError, match="absent"):
        tracking.write_run(broken, root, uri)
    run = tracking.write_run(make_recording(root / "in", "d4"), root, uri)
    assert run.new
    experiment = client(root).get_experiment_by_name("news").experiment_id
    statuses = [run.info.status for run in client(root).search_runs([experiment])]
    assert statuses.count("FAILED") == 1
    client(root).delete_run(run.id)


def test_the_registered_model_predicts(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow
    import pandas as pd

    monkeypatch.setattr(sys, "path", list(sys.path))  # loading puts the model's code first
    script, bundle = tmp_path / "script.py", tmp_path / "models"
    script.write_text(SCRIPT)
    bundle.mkdir()
    (bundle / "word.txt").write_text("read:")
    pinned = (f"mlflow=={mlflow.__version__}",)
    model = Served("news", script, bundle, (Path(tracking.__file__).parent,), pinned, ("a b",))
    model = msgspec.structs.replace(model, tags={"topic/accuracy": "0.874"})
    uri = tracking.tracking_uri(root, {})
    tracking.write_run(make_recording(root / "in", "d5", model=model), root, uri)
    (version,) = client(root).search_model_versions("name = 'news'")
    assert version.tags["topic/accuracy"] == "0.874"
    (logged,) = client(root).search_logged_models(
        [client(root).get_run(version.run_id).info.experiment_id]
    )
    of_model = {metric.key: metric.value for metric in logged.metrics}
    assert len(of_model) == 231  # all that the run measured, but for its curve
    assert of_model["topic/metric7"] == 1.0
    loaded = mlflow.pyfunc.load_model("models:/news/1")
    assert int(version.version) == 1
    assert loaded.predict(pd.DataFrame({"text": ["x", "y"]})) == ["read: x", "read: y"]
    assert loaded.metadata.signature.inputs.input_names() == ["text"]


def test_runs_meet_in_the_root_that_dvc_names(tmp_path: Path) -> None:
    assert tracking.project_root({"DVC_ROOT": str(tmp_path)}) == tmp_path.resolve()
    assert tracking.project_root({}) == Path.cwd()
    assert tracking.tracking_uri(tmp_path, {}) == f"sqlite:///{tmp_path}/mlflow.db"
    assert tracking.tracking_uri(tmp_path, {"MLFLOW_TRACKING_URI": "x://y"}) == "x://y"
