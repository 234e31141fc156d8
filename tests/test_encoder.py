from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline import encoder as module
from pipeline.encoder import MemoEncoder, SentenceTransformerEncoder
from pipeline.errors import CorruptArtifactError, MissingArtifactError
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
