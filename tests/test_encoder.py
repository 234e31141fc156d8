from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline import encoder as module
from pipeline.encoder import (
    PACKAGED,
    MemoEncoder,
    SentenceTransformerEncoder,
    packaged_encoder,
)
from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.params import EncoderParams
from pipeline.store.differences import write_differences
from tests.encoders import HashedEncoder


def test_each_unique_text_is_encoded_once() -> None:
    inner = HashedEncoder()
    memo = MemoEncoder(inner)
    first = memo.encode(["rain", "snow", "rain"])
    again = memo.encode(["snow", "hail"])
    assert inner.seen == ["rain", "snow", "hail"]
    np.testing.assert_array_equal(first[0], first[2])
    np.testing.assert_array_equal(first[1], again[0])


def test_no_texts_give_no_rows() -> None:
    assert MemoEncoder(HashedEncoder()).encode([]).shape == (0, 16)


def test_a_vector_on_file_is_not_encoded_again() -> None:
    first = MemoEncoder(HashedEncoder())
    first.encode(["rain"])
    inner = HashedEncoder()
    MemoEncoder(inner, dict(first.table)).encode(["rain"])
    assert inner.seen == []


def test_weights_that_are_not_the_expected_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(module, "packaged_folder", lambda: tmp_path)
    with pytest.raises(CorruptArtifactError, match="sha256"):
        SentenceTransformerEncoder().encode(["rain"])


def test_the_packaged_weights_are_the_expected_ones() -> None:
    assert SentenceTransformerEncoder().fingerprint.endswith("@53aa51172d142c89")


def test_an_encoder_that_is_not_there_is_a_one_line_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(MissingArtifactError, match="could not be loaded") as caught:
        SentenceTransformerEncoder(str(tmp_path / "nowhere")).encode(["rain"])
    assert "\n" not in str(caught.value)


def test_real_vectors_have_length_one_and_like_texts_are_alike() -> None:
    encoder = SentenceTransformerEncoder()
    rows = encoder.encode(["A storm hit the coast.", "Gales lashed the shore.", "Shares rose 3%."])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


def test_finetuned_weights_change_vectors_and_fingerprint(tmp_path: Path) -> None:
    before = {k: v.numpy() for k, v in packaged_encoder().state_dict().items()}
    name = "encoder.layer.5.output.dense.weight"
    rng = np.random.default_rng(0)
    moved = before[name] + rng.normal(0, 0.05, before[name].shape).astype(np.float32)
    write_differences(tmp_path / "w.safetensors", {**before, name: moved}, before)
    plain = SentenceTransformerEncoder()
    tuned = SentenceTransformerEncoder(weights=tmp_path / "w.safetensors")
    assert tuned.fingerprint.startswith(f"{plain.fingerprint}+")
    like = tuned.encode(["Rain fell."]) @ plain.encode(["Rain fell."]).T
    assert 0.3 < like[0, 0] < 0.999


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    head = {"head.weight": np.ones((2, 2), dtype=np.float32)}
    write_differences(tmp_path / "w.safetensors", head, {})
    with pytest.raises(CorruptArtifactError, match="does not fit"):
        SentenceTransformerEncoder(weights=tmp_path / "w.safetensors").encode(["rain"])


def test_only_the_packaged_model_is_finetuned_and_weights_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    other = EncoderParams(
        model="other", batch_size=8, reader=True, finetuned=True, precision="float32"
    )
    assert SentenceTransformerEncoder.of(other).weights is None
    own = msgspec.structs.replace(other, model=PACKAGED)
    with pytest.raises(MissingArtifactError, match="git checkout data/encoder"):
        SentenceTransformerEncoder.of(own)
    assert (
        SentenceTransformerEncoder.of(msgspec.structs.replace(own, finetuned=False)).weights is None
    )
