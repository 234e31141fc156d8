"""Weights in eight bits: their bounds, the features kept apart, and what comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.encoder import SentenceTransformerEncoder
from pipeline.export.__main__ import write_export
from pipeline.export.bert import Bert
from pipeline.export.graph import story_graph
from pipeline.export.outliers import INNER, STATES, outliers, rounded
from pipeline.export.sentence import sentence_model
from pipeline.serving.card import INPUT
from pipeline.serving.network import Export
from pipeline.serving.stories import StoryEncoder
from tests.serving.made import own_encoder

WIDTH, HIDDEN, LAYERS = 32, 64, 2
LARGE = {"states": [3, 17], "inner": [5, 40]}  # features planted in the encoder below
Floats = npt.NDArray[np.float32]

weights = arrays(
    np.float32,
    st.tuples(st.integers(1, 9), st.integers(1, 4)),
    elements=st.floats(-10, 10, width=32, allow_subnormal=False),
)


@given(weights)
def test_rounding_is_near_and_neighbours_fit_into_sixteen_bits(given: Floats) -> None:
    whole, scale = rounded(given)
    assert whole.dtype == np.int8
    assert (np.abs(whole * scale - given) <= scale * 0.5001).all()
    sums = np.abs(whole.astype(int))
    sums = sums[0 : len(sums) // 2 * 2 : 2] + sums[1::2]
    assert (255 * sums <= np.iinfo(np.int16).max).all()


def with_outliers(seed: int = 3) -> Bert:
    """A small BERT, two features of whose states and two of whose inner ones are very large."""
    rng = np.random.default_rng(seed)

    def some(*shape: int) -> Floats:
        return rng.normal(0, 0.2, shape).astype(np.float32)

    state = {
        "embeddings.LayerNorm.weight": np.ones(WIDTH, np.float32),
        "embeddings.LayerNorm.bias": np.zeros(WIDTH, np.float32),
    }
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        for part in ("query", "key", "value"):
            state[f"{layer}.attention.self.{part}.weight"] = some(WIDTH, WIDTH)
            state[f"{layer}.attention.self.{part}.bias"] = some(WIDTH)
        for name, (out, into) in {
            "attention.output": (WIDTH, WIDTH),
            "output": (WIDTH, HIDDEN),
        }.items():
            state[f"{layer}.{name}.dense.weight"] = some(out, into)
            state[f"{layer}.{name}.dense.bias"] = some(out)
            state[f"{layer}.{name}.LayerNorm.weight"] = np.ones(WIDTH, np.float32)
            state[f"{layer}.{name}.LayerNorm.bias"] = np.zeros(WIDTH, np.float32)
        state[f"{layer}.attention.output.LayerNorm.weight"][LARGE["states"]] = 40.0
        inner, bias = some(HIDDEN, WIDTH), some(HIDDEN)
        inner[:, LARGE["states"]] *= 0.05
        bias[LARGE["inner"]] = 60.0
        state[f"{layer}.intermediate.dense.weight"] = inner
        state[f"{layer}.intermediate.dense.bias"] = bias
    return Bert(state, heads=4, layers=LAYERS, epsilon=1e-12)


def states(graph: bytes, rows: Floats) -> Floats:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {INPUT: rows})
    return np.asarray(found)


def error(one: Floats, other: Floats) -> float:
    return float(np.abs(one - other).mean())


@pytest.fixture
def rows() -> Floats:
    """A sequence of embedded tokens."""
    return np.random.default_rng(1).normal(0, 1, (1, 24, WIDTH)).astype(np.float32)


def test_the_large_features_are_found(rows: Floats) -> None:
    bert = with_outliers()
    found = outliers(story_graph(bert, "float32"), [rows], LAYERS)
    assert found.keys() == {
        f"layer.{number}.{name}" for number in range(LAYERS) for name in ("attention.norm", "gelu")
    }
    for number in range(LAYERS):
        assert found[f"layer.{number}.attention.norm"].tolist() == LARGE["states"]
        inner = found[f"layer.{number}.gelu"].tolist()
        assert len(inner) == INNER
        assert set(LARGE["inner"]) <= set(inner)
        assert inner == sorted(inner)
    assert len(LARGE["states"]) == STATES


def test_features_kept_apart_make_the_rounding_finer(rows: Floats) -> None:
    bert = with_outliers()
    exact = story_graph(bert, "float32")
    found = outliers(exact, [rows], LAYERS)
    other = np.random.default_rng(2).normal(0, 1, (1, 50, WIDTH)).astype(np.float32)
    truth = states(exact, other)
    plain = error(states(story_graph(bert, "int8"), other), truth)
    apart = error(states(story_graph(bert, "int8", found), other), truth)
    assert apart < plain / 2, "of a text that was not looked at"
    assert apart < 0.05 * float(truth.std())
    assert story_graph(bert, "int8", found) == story_graph(bert, "int8", found)


def test_an_encoder_of_ones_own_keeps_its_directions(tmp_path: Path) -> None:
    source = SentenceTransformerEncoder(own_encoder(tmp_path, pooling="mean"))
    taken = sentence_model(source)
    assert taken is not None
    write_export(tmp_path / "export", taken, source, None, "int8")
    encoder = StoryEncoder(Export(tmp_path / "export"))
    texts = ["Rain.", "Gales closed the ports. " * 20, "Shares rose 3% in Oslo."]
    own, other = encoder.encode(texts), source.encode(texts)
    assert ((own * other).sum(axis=1) > 0.99).all()
    assert encoder.fingerprint == f"{source.fingerprint}:int8"
    once = {path.name: path.read_bytes() for path in (tmp_path / "export").iterdir()}
    write_export(tmp_path / "export", taken, source, None, "int8")
    assert {path.name: path.read_bytes() for path in (tmp_path / "export").iterdir()} == once
