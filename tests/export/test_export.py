"""An encoder of one's own is exported where it is a plain BERT, and else run as it came."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from pipeline.encoder import SentenceTransformerEncoder
from pipeline.export import __main__ as stage
from pipeline.serving.card import CARD, STORIES, read_card
from pipeline.serving.network import Export
from pipeline.serving.pages import open_reader
from pipeline.serving.stories import StoryEncoder, open_encoder
from pipeline.store import layout
from tests.serving.made import own_encoder

TEXTS = ["Rain.", "", "Gales closed the ports. " * 20, "Shares rose 3% in Oslo."]


def export(model: str, root: Path) -> None:
    params = yaml.safe_load((root / "params.yaml").read_text(encoding="utf-8"))
    params["encoder"] |= {"model": model, "precision": "float32"}
    Path("params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    stage.main()


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_bert_of_ones_own_is_exported(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, pooling: str
) -> None:
    model = own_encoder(tmp_path, pooling=pooling)
    monkeypatch.chdir(tmp_path)
    export(model, root)
    source = SentenceTransformerEncoder(model)
    encoder = open_encoder(Export(layout.EXPORT))
    assert isinstance(encoder, StoryEncoder)
    assert encoder.fingerprint == source.fingerprint
    np.testing.assert_allclose(encoder.encode(TEXTS), source.encode(TEXTS), atol=1e-5)
    assert open_reader(Export(layout.EXPORT)) is None
    once = {path.name: path.read_bytes() for path in layout.EXPORT.iterdir()}
    stage.main()
    assert {path.name: path.read_bytes() for path in layout.EXPORT.iterdir()} == once


@pytest.mark.parametrize(("kind", "pooling"), [("distilbert", "mean"), ("bert", "max")])
def test_what_is_no_plain_bert_is_run_as_it_came(
    tmp_path: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    pooling: str,
) -> None:
    model = own_encoder(tmp_path, kind, pooling)  # type: ignore[arg-type]
    monkeypatch.chdir(tmp_path)
    layout.EXPORT.mkdir(parents=True)
    (layout.EXPORT / STORIES).write_bytes(b"of another encoder")
    export(model, root)
    assert "run by sentence-transformers" in capsys.readouterr().err
    assert [path.name for path in layout.EXPORT.iterdir()] == [CARD]
    assert not read_card(layout.EXPORT).exported
    encoder = open_encoder(Export(layout.EXPORT))
    source = SentenceTransformerEncoder(model)
    assert encoder.fingerprint == source.fingerprint
    np.testing.assert_array_equal(encoder.encode(TEXTS), source.encode(TEXTS))
