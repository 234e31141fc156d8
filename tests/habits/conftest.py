from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import tracking
from tests.habits.book import AFTER, BEFORE, METRICS, recording


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database with four runs: one of old, two with answers, one that failed."""
    root = tmp_path_factory.mktemp("written")
    uri = tracking.tracking_uri(root, {})
    tags = {"git.commit": "0babd48fe1", "git.dirty": "false", "dvc.experiment": "brave-oak"}
    changed = {**METRICS, "topic/accuracy": 0.92, "topic/f1_macro": 0.81}
    changed |= {"topic/accuracy_low": 0.88, "topic/accuracy_high": 0.95}
    params = {"mix.seed": 7, "topic.regularisation": 0.5, "topic.seed": 13}
    for made in (
        recording(root / "in-1", "old", None),
        recording(root / "in-2", "0babd48+ 1111111", BEFORE),
        recording(
            root / "in-3", "brave-oak 2222222", AFTER, metrics=changed, params=params, tags=tags
        ),
    ):
        tracking.write_run(made, root, uri)
    broken = recording(root / "in-4", "broken", None, files=((root / "absent", ""),))
    with pytest.raises(OSError, match="absent"):
        tracking.write_run(broken, root, uri)
    return root


@pytest.fixture
def project(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose runs are those of ``written``; the environment of no other."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.whereabouts.PROJECT", tmp_path / "elsewhere")
    for name in ("DVC_ROOT", "MLFLOW_TRACKING_URI", "BROADSHEET_MODELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "110")
    (tmp_path / "mlflow.db").write_bytes((written / "mlflow.db").read_bytes())
    params = Path(__file__).parents[2] / "params.yaml"
    text = params.read_text(encoding="utf-8").replace("experiment: broadsheet", "experiment: news")
    (tmp_path / "params.yaml").write_text(text, encoding="utf-8")
    return tmp_path
