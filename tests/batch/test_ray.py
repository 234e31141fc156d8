"""The Ray engine: two workers on this machine, one of which is killed while it works."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest

from pipeline.batch.run import Batch, run_batch
from pipeline.batch.workers import WorkerError
from pipeline.documents import Job, run_job
from pipeline.listing import find_datasets
from tests.batch.fakes import load_fake, load_mortal

ray = pytest.importorskip("ray", reason='Ray is not installed: pip install "broadsheet[ray]"')
ROOT = Path(__file__).parents[2]
with_ = msgspec.structs.replace


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.delenv("RAY_ADDRESS", raising=False)
        ray.init(
            num_cpus=2, include_dashboard=False, object_store_memory=128 << 20,
            log_to_driver=False, logging_level="ERROR",
        )  # fmt: skip
        yield
        ray.shutdown()


def test_a_worker_is_killed_and_the_output_is_that_of_the_loop(
    cluster: None, batch: Batch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tmp_path / "classify.jsonl"
    run_job(
        Job("broadsheet batch", [str(p) for p in find_datasets(batch.source)], whole), load_fake
    )
    messages = capsys.readouterr().err
    marker = tmp_path / "killed"
    on_ray = with_(batch, engine="ray", workers=2)
    assert run_batch(on_ray, partial(load_mortal, str(marker))) == 8
    assert marker.is_file(), "no worker was killed"
    assert batch.output.read_bytes() == whole.read_bytes()
    told = capsys.readouterr().err.splitlines(keepends=True)
    assert "".join(line for line in told if line.startswith("broadsheet batch: ")) == messages
    assert not list(tmp_path.glob("out.jsonl.*"))


def test_a_batch_that_fails_is_gone_on_with(
    cluster: None, batch: Batch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on_ray = with_(batch, engine="ray", workers=2, resume=True, output=tmp_path / "out.parquet")
    in_the_way = tmp_path / "out.parquet.parts" / "00000014.jsonl"
    in_the_way.mkdir(parents=True)
    with pytest.raises(WorkerError, match=r"c\.parquet: .* go on with --resume"):
        run_batch(on_ray, load_fake)
    done = list(in_the_way.parent.glob("0*.json"))
    assert done and not on_ray.output.exists()
    in_the_way.rmdir()
    assert run_batch(on_ray, load_fake) == 8
    assert f"going on after {len(done)} of 15 blocks" in capsys.readouterr().err
    local = with_(batch, output=tmp_path / "local.parquet")
    run_batch(local, load_fake)
    assert local.output.read_bytes() == on_ray.output.read_bytes()
