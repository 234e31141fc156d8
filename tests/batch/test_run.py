"""The local engine, and what holds of both."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy
import pandas
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from pipeline import journal
from pipeline.batch.parts import Block, Parts, open_parts, plan
from pipeline.batch.run import Batch, run_batch
from pipeline.batch.target import join_parts, story_schema
from pipeline.batch.workers import TRIES, BlockWorker, item_of
from pipeline.cli import app
from pipeline.documents import Job, run_job
from pipeline.errors import MissingArtifactError, UsageError
from pipeline.journal import JournalError
from pipeline.labeller import Labeller
from pipeline.listing import find_datasets
from pipeline.rows import read_rows
from tests.batch.fakes import load_fake, open_fake
from tests.cli.fake_classifier import FakeClassifier

with_ = msgspec.structs.replace


@pytest.fixture
def whole(batch: Batch, tmp_path: Path) -> bytes:
    """What ``classify`` makes of the same datasets."""
    paths = [str(path) for path in find_datasets(batch.source)]
    output = tmp_path / "classify.jsonl"
    assert run_job(Job("classify", paths, output), load_fake) == 8
    return output.read_bytes()


def test_the_output_is_that_of_classify(batch: Batch, whole: bytes) -> None:
    assert run_batch(batch, load_fake) == 8
    assert batch.output.read_bytes() == whole
    names = {json.loads(line)["source"] for line in whole.splitlines()}
    assert {"page 99", f"{batch.source}/a.jsonl:2"} < names


def test_parquet_holds_what_json_lines_hold(batch: Batch, whole: bytes) -> None:
    output = batch.output.with_suffix(".parquet")
    assert run_batch(with_(batch, output=output), load_fake) == 8
    rows = [json.loads(line) for line in whole.splitlines()]
    assert pyarrow.parquet.read_table(output).to_pylist() == rows
    assert pyarrow.parquet.read_schema(output).names == list(rows[0])
    assert pandas.read_parquet(output).topics[0][0]["name"] == "weather"
    assert sorted(path.name for path in output.parent.glob("out*")) == ["out.parquet"]


def test_parquet_without_a_story_has_its_columns(tmp_path: Path) -> None:
    join_parts([], tmp_path / "a.parquet")
    assert pyarrow.parquet.read_schema(tmp_path / "a.parquet").equals(story_schema())


def test_parquet_is_the_same_of_one_part_and_of_many(
    tmp_path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.batch.target.STORIES_A_GROUP", 7)
    parts = []
    for i, line in enumerate(whole.splitlines(keepends=True)):
        parts.append(tmp_path / f"{i}")
        parts[-1].write_bytes(line)
    (tmp_path / "one").write_bytes(whole)
    join_parts([tmp_path / "one"], tmp_path / "one.parquet")
    join_parts(parts, tmp_path / "many.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "many.parquet").read_bytes()
    assert pyarrow.parquet.ParquetFile(tmp_path / "one.parquet").metadata.row_group(0).num_rows == 7


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_broken_off_it_goes_on_only_if_asked(
    batch: Batch, whole: bytes, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SECONDS", 0)
    batch = with_(batch, output=batch.output.with_suffix(suffix))
    classifier = FakeClassifier()
    steps = iter(range(50))

    def label(text: str, source: str) -> Any:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return classifier.document(text, source)

    with pytest.raises(KeyboardInterrupt):
        run_batch(with_(batch, workers=1), lambda: label)
    with pytest.raises(UsageError, match=r"broken off: go on with --resume, or remove .*\.part"):
        run_batch(batch, load_fake)
    with pytest.raises(UsageError, match="begun with --engine local: go on with that"):
        run_batch(with_(batch, engine="ray", resume=True), load_fake)
    if suffix == ".parquet":  # killed while the output was being made of the finished part
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("pipeline.batch.target._groups", _interrupt)
            run_batch(with_(batch, resume=True), load_fake)
        assert not batch.output.exists()
    assert run_batch(with_(batch, resume=True), load_fake) == 8
    assert _stories(batch.output) == [json.loads(line) for line in whole.splitlines()]
    assert len(list(batch.output.parent.glob("out*"))) == 1


def test_blocks_join_to_what_the_loop_makes(batch: Batch, whole: bytes) -> None:
    files = find_datasets(batch.source)
    for rows in (1, 7, 1000):
        with open_parts(batch.output, batch.run, files) as parts:
            blocks = list(plan(files, rows))
            for block in reversed(blocks):  # in any order, and twice
                parts.do(block, Labeller(load_fake))
                parts.do(block, Labeller(_no_models))
            outcomes = [parts.outcome(block.number) for block in blocks]
            parts.join(blocks)
        assert batch.output.read_bytes() == whole
        assert sum(len(outcome.failed) for outcome in outcomes if outcome) == 8
        assert sum(outcome.inputs for outcome in outcomes if outcome) == 120
        assert not Parts(batch.output).folder.exists()


def test_parts_of_another_run_are_refused(batch: Batch) -> None:
    files = find_datasets(batch.source)
    with (
        open_parts(batch.output, batch.run, files),
        pytest.raises(JournalError, match="written by another process"),
        open_parts(batch.output, batch.run, files),
    ):
        pass
    for run, inputs, message in (
        ({"models": "n"}, files, "begun with models m, not n: call it as then, or remove"),
        (batch.run, files[1:], "the inputs are not those .* or remove"),
    ):
        with (
            pytest.raises(JournalError, match=message),
            open_parts(batch.output, run, inputs),
        ):
            pass


def test_a_block_that_kills_its_workers_is_given_up(batch: Batch) -> None:
    files = find_datasets(batch.source)
    with open_parts(batch.output, batch.run, files) as parts:
        blocks = list(plan(files, 50))
        worker = BlockWorker(load_fake, str(batch.output))
        for _ in range(TRIES):
            parts.tried(blocks[1])
        done = worker(columns(blocks[:2]))
        assert list(done["number"]) == [0, 1]
        assert done["fault"][0] == ""
        assert done["fault"][1].startswith(f"{files[0]}, rows from 51: 4 workers died on them")
        assert [parts.outcome(number) is not None for number in (0, 1)] == [True, False]
        assert all(
            "no models" in one for one in _without_models(batch)(columns(blocks[2:]))["fault"]
        )
    with open_parts(batch.output, batch.run, files):  # begun anew, a block may be tried again
        assert worker(columns(blocks[1:2]))["fault"] == [""]


def columns(blocks: list[Block]) -> dict[str, Any]:
    """Lay blocks out as Ray hands them to a worker."""
    rows = [item_of(block) for block in blocks]
    return {column: numpy.array([row[column] for row in rows]) for column in rows[0]}


def _without_models(batch: Batch) -> BlockWorker:
    def load() -> Any:
        raise MissingArtifactError("no models here")

    return BlockWorker(load, str(batch.output))


@pytest.fixture
def command(
    models: Path, monkeypatch: pytest.MonkeyPatch, source: Path, tmp_path: Path
) -> Iterator[Any]:
    monkeypatch.setenv("BROADSHEET_MODELS", str(models))
    monkeypatch.setattr("pipeline.cli.load_classifier", open_fake)
    runner = CliRunner()
    yield lambda *arguments: runner.invoke(app, ["batch", *map(str, arguments)])


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "manifest.json").write_text("{}", encoding="utf-8")
    return tmp_path / "models"


def test_the_command(command: Any, source: Path, tmp_path: Path, whole: bytes) -> None:
    for workers in ((), ("--workers", "1"), ("--workers", "3")):
        done = command(source, tmp_path / "out.jsonl", *workers)
        assert done.exit_code == 1 and len(done.stderr.splitlines()) == 8
        assert (tmp_path / "out.jsonl").read_bytes() == whole
        (tmp_path / "out.jsonl").unlink()


def test_wrong_calls(
    command: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    out, folder = tmp_path / "out.jsonl", tmp_path / "folder.jsonl"
    folder.mkdir()
    for arguments, message in (
        ((source, tmp_path / "out.csv"), "let the output end in .jsonl or .parquet"),
        ((source, source / "out.jsonl"), "put the output elsewhere"),
        ((source / "a.jsonl", source / "a.jsonl"), "put the output elsewhere"),
        ((tmp_path / "none.jsonl", out), "no such file or folder"),
        ((tmp_path / "models", out), "no file in this folder ends in .jsonl"),
        ((tmp_path / "models/manifest.json", out), "a dataset ends in .jsonl"),
        ((source, out, "--engine", "ray"), 'pip install "broadsheet[ray]"'),
        ((source, folder), "is a folder: name a file in it"),
    ):
        done = command(*arguments)
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.stderr
        assert message in done.stderr
    assert not list(tmp_path.glob("out*"))


def _stories(output: Path) -> list[Any]:
    if output.suffix == ".parquet":
        rows: list[Any] = pyarrow.parquet.read_table(output).to_pylist()
        return rows
    return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]


def _interrupt(*arguments: object) -> None:
    raise KeyboardInterrupt


def _no_models() -> Any:
    raise AssertionError("a block that is done needs no models")


def test_a_damaged_table_is_told_by_both_engines_alike(batch: Batch) -> None:
    broken = Path(batch.source) / "broken.parquet"
    broken.write_bytes(b"no Parquet")
    (block,) = plan([broken], 7)
    (told,) = read_rows(Path(block.path), block.stretch, block.name)
    assert str(told) == str(next(read_rows(broken)))
    assert "not a Parquet file" in str(told)
    (block,) = plan([broken.with_name("none.parquet")], 7)
    assert [str(row) for row in read_rows(Path(block.path), block.stretch, block.name)] == [
        f"{block.name}: no such file or directory"
    ]


def test_parts_in_which_nothing_was_done_do_not_stay(batch: Batch) -> None:
    files = find_datasets(batch.source)
    with pytest.raises(ValueError, match="at once"), open_parts(batch.output, batch.run, files):
        raise ValueError("at once")
    assert not Parts(batch.output).folder.exists()
    with (
        pytest.raises(ValueError, match="later"),
        open_parts(batch.output, batch.run, files) as parts,
    ):
        parts.do(next(iter(plan(files, 7))), Labeller(load_fake))
        raise ValueError("later")
    assert Parts(batch.output).begun()
