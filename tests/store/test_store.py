from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.records import Span
from pipeline.store import atomic
from pipeline.store.bundle import FORMAT, Manifest, hash_files, open_bundle, write_manifest
from pipeline.store.digest import text_key
from pipeline.store.jsonl import read_records, write_records
from pipeline.store.metrics import flatten, read_metrics, write_metrics
from pipeline.store.tensors import read_tensors, write_tensors
from pipeline.store.vectors import read_vectors, write_vectors


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99))))
def test_records_survive_a_round_trip(
    tmp_path_factory: pytest.TempPathFactory, pairs: list
) -> None:
    path = tmp_path_factory.mktemp("records") / "spans.jsonl"
    spans = [Span(*pair) for pair in pairs]
    write_records(path, spans)
    assert read_records(path, Span) == spans


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "spans.jsonl"
    path.write_text('{"start":0,"end":1}\n{"start":"x"}\n', encoding="utf-8")
    with pytest.raises(CorruptArtifactError, match="line 2"):
        read_records(path, Span)


def test_a_missing_file_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="make repro"):
        read_records(tmp_path / "none.jsonl", Span)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.txt"
    atomic.write_text(path, "old")

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(atomic.os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        atomic.write_text(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


def test_metrics_are_sorted_and_rounded(tmp_path: Path) -> None:
    path = tmp_path / "metrics.json"
    write_metrics(path, {"topic": {"f1": np.float64(1 / 3)}, "a": 1})
    assert json.loads(path.read_text()) == {"a": 1, "topic": {"f1": 0.333333}}
    assert flatten(read_metrics(path)) == {"a": 1.0, "topic/f1": 0.333333}


def test_vectors_come_back_by_text_and_only_for_their_encoder(tmp_path: Path) -> None:
    path = tmp_path / "vectors.safetensors"
    table = {text_key(t): np.full(3, i, dtype=np.float32) for i, t in enumerate("abc")}
    write_vectors(path, table, "model@1")
    again = read_vectors(path, "model@1")
    assert again.keys() == table.keys()
    np.testing.assert_array_equal(again[text_key("b")], [1, 1, 1])
    with pytest.raises(CorruptArtifactError, match="model@1, not model@2"):
        read_vectors(path, "model@2")
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(CorruptArtifactError, match="is no file of vectors: run `make repro`"):
        read_vectors(path, "model@1")


def test_the_order_of_vectors_does_not_change_the_file(tmp_path: Path) -> None:
    table = {text_key(t): np.full(3, i, dtype=np.float32) for i, t in enumerate("abc")}
    write_vectors(tmp_path / "one", table, "m")
    write_vectors(tmp_path / "two", dict(reversed(list(table.items()))), "m")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_tensors_survive_a_round_trip_and_junk_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tables"
    write_tensors(path, {"axes": np.arange(6).reshape(2, 3).T})
    np.testing.assert_array_equal(read_tensors(path)["axes"], np.arange(6).reshape(2, 3).T)
    path.write_bytes(b"junk")
    with pytest.raises(CorruptArtifactError):
        read_tensors(path)


def bundle(folder: Path) -> Path:
    (folder / "topic").mkdir(parents=True)
    (folder / "topic" / "model.bin").write_bytes(b"weights")
    write_manifest(
        folder,
        Manifest(
            FORMAT, "0.1.0", "m", "m@1", ("arts",), ("FR",), {"numpy": "2"}, hash_files(folder)
        ),
    )
    return folder


def test_a_bundle_opens_when_its_files_are_the_manifests(tmp_path: Path) -> None:
    opened = open_bundle(bundle(tmp_path / "models"))
    opened.check_encoder("m@1")
    with pytest.raises(CorruptArtifactError, match="trained with encoder m@1"):
        opened.check_encoder("m@2")


def test_a_changed_or_missing_file_is_named(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "models")
    (folder / "topic" / "model.bin").write_bytes(b"other")
    with pytest.raises(CorruptArtifactError, match=r"model\.bin"):
        open_bundle(folder)
    (folder / "topic" / "model.bin").unlink()
    with pytest.raises(MissingArtifactError, match=r"model\.bin"):
        open_bundle(folder)


def test_a_bundle_of_another_format_is_refused(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "models")
    write_manifest(folder, msgspec.structs.replace(open_bundle(folder).manifest, format=FORMAT + 1))
    with pytest.raises(CorruptArtifactError, match=f"format {FORMAT + 1}, not {FORMAT}"):
        open_bundle(folder)


def test_no_bundle_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="make repro"):
        open_bundle(tmp_path)
