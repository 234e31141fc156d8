"""The manifest names what the three models are, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bundle.__main__ import PARTS, make_manifest, part_hashes
from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.records import Article
from pipeline.store.bundle import open_bundle, write_manifest
from tests.encoders import HashedEncoder
from tests.sections.made import fitted


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for part in PARTS:
        (tmp_path / part).mkdir()
        (tmp_path / part / "model.safetensors").write_bytes(part.encode())
    (tmp_path / "notes.txt").write_text("not part of the bundle")
    return tmp_path


def article(topic: str, country: str, split: str) -> Article:
    return Article(topic, (topic,), (country,), ("Text.",), split=split)  # type: ignore[arg-type]


ARTICLES = (
    article("sport", "TH", "train"),
    article("arts", "KE", "train"),
    article("crime", "US", "test"),
)


def test_every_part_is_hashed(models: Path) -> None:
    assert set(part_hashes(models, "fake@1")) == {f"{part}/model.safetensors" for part in PARTS}


def test_a_section_model_of_another_encoder_is_left_out(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fitted()[0].save(models / "sections")
    capsys.readouterr()
    own = part_hashes(models, HashedEncoder.fingerprint)
    assert "sections/settings.json" in own
    assert capsys.readouterr().err == ""
    other = part_hashes(models, "fake@1")
    assert {name for name in own if name not in other} == {n for n in own if "sections/" in n}
    assert "make sections" in capsys.readouterr().err


def test_labels_are_those_of_the_training_articles(models: Path) -> None:
    manifest = make_manifest(ARTICLES, part_hashes(models, "fake@1"), "fake", "fake@1")
    assert (manifest.topics, manifest.countries) == (("arts", "sport"), ("KE", "TH"))
    assert set(manifest.versions) == {"numpy", "onnxruntime", "scikit-learn", "tokenizers"}


def test_the_bundle_opens_until_a_file_changes(models: Path) -> None:
    write_manifest(models, make_manifest(ARTICLES, part_hashes(models, "fake@1"), "fake", "fake@1"))
    open_bundle(models).check_encoder("fake@1")
    (models / "topic" / "model.safetensors").write_bytes(b"other")
    with pytest.raises(CorruptArtifactError, match="make repro"):
        open_bundle(models)


def test_a_missing_model_names_its_stage(models: Path) -> None:
    (models / "region" / "model.safetensors").unlink()
    (models / "region").rmdir()
    with pytest.raises(MissingArtifactError, match="dvc repro train@region"):
        part_hashes(models, "fake@1")
