"""What a stage's process took, measured from outside it too."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
import yaml

from pipeline import stage
from pipeline.errors import CorruptArtifactError, MissingArtifactError, UsageError
from pipeline.store import costs, layout
from pipeline.store.costs import Cost

ROOT = Path(__file__).parents[2]
BUSY = """
import time
from pipeline.stage import run_stage

def main():
    held = bytearray(200 * 2**20)
    until = time.process_time() + 0.5
    while time.process_time() < until:
        pass

run_stage("mix", main)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_stage_notes_its_time_and_memory() -> None:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", BUSY], check=True, env={"PYTHONPATH": str(ROOT)})
    elapsed = time.monotonic() - begun
    noted = msgspec.json.decode((layout.COSTS / "mix.json").read_bytes(), type=Cost)
    assert noted.cpu_seconds >= 0.5
    assert 0.4 <= noted.seconds <= elapsed + 0.1
    assert 200 <= noted.peak_memory_mb <= 400


def test_a_stage_that_fails_notes_nothing() -> None:
    def fail() -> None:
        raise UsageError("no")

    with pytest.raises(SystemExit):
        stage.run_stage("mix", fail)
    assert not layout.COSTS.exists()


def test_each_of_a_matrix_is_noted_apart_and_others_not_at_all() -> None:
    stage.run_stage("train", lambda: None, "topic")
    stage.run_stage("record", lambda: None)
    assert [path.name for path in layout.COSTS.iterdir()] == ["train-topic.json"]


def test_costs_are_read_in_the_order_of_the_pipeline() -> None:
    with pytest.raises(MissingArtifactError, match="dvc repro"):
        costs.read_costs()
    for second, name in enumerate(sorted(costs.MEASURED)):
        costs.write_cost(name, Cost(float(second), 1.0, 2.0))
    found = costs.read_costs()
    assert tuple(found) == costs.MEASURED
    assert found["bundle"] == Cost(0.0, 1.0, 2.0)
    (layout.COSTS / "mix.json").write_text("{}")
    with pytest.raises(CorruptArtifactError, match=r"mix\.json"):
        costs.read_costs()


def test_every_stage_that_notes_its_cost_says_so_in_the_graph() -> None:
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    declared = [out for one in stages.values() for out in one["outs"] if "data/cost" in str(out)]
    noted = [f"{layout.COSTS.as_posix()}/{name}.json" for name in costs.MEASURED]
    spread = [
        out.replace("${item.head}", head)
        for out in declared
        for head in (("topic", "region") if "${" in out else [""])
    ]
    assert spread == noted
    assert set(noted) <= set(stages["record"]["deps"])
