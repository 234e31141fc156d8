"""Eight bits: how weights are rounded, and which features of states are too large for it.

The features that are far larger than the others are the same whatever the text, so a page or two
show them. Which they are hangs on the weights alone: :mod:`pipeline.export.probe` is fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper

from pipeline.export.bert import Floats
from pipeline.serving.card import INPUT

INNER, STATES = 8, 2  # features passed by in float32 behind a GELU, split in front of it
STEPS = 127  # on either side of zero
Columns = Mapping[str, npt.NDArray[np.int64]]


def rounded(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Round weights of shape (f, g) to whole numbers, with a scale a column (g,).

    Processors without VNNI add up the products of two neighbouring weights with states of 0 to 255
    in 16 bits: the two together stay below 129, so that the sum does not overflow.

    >>> rounded(np.array([[1.0], [-1.0], [0.5], [0.0]], dtype=np.float32))[0].ravel().tolist()
    [64, -64, 32, 0]
    """
    size = np.abs(weights)
    if len(size) % 2:
        size = np.concatenate([size, np.zeros_like(size[:1])])
    largest = (size[0::2] + size[1::2]).max(axis=0)
    scale = np.maximum(largest / STEPS, 1e-12).astype(np.float32)
    return np.round(weights / scale).astype(np.int8), scale


def outliers(graph: bytes, embedded: Sequence[Floats], layers: int) -> Columns:
    """Find the largest features of what the feed-forward maps read and what lies between them.

    :param graph: in float32.
    :param embedded: sequences of shape (1, t, d) to pass through it.
    """
    counts = {f"layer.{number}.attention.norm": STATES for number in range(layers)}
    counts |= {f"layer.{number}.gelu": INNER for number in range(layers)}
    largest = _largest(graph, embedded, list(counts))
    return {
        name: np.sort(np.argsort(-largest[name], kind="stable")[:count]).astype(np.int64)
        for name, count in counts.items()
        if count < len(largest[name])
    }


def _largest(graph: bytes, embedded: Sequence[Floats], names: Sequence[str]) -> dict[str, Floats]:
    """Pass sequences through a graph, and keep the largest magnitude of each feature."""
    import onnxruntime

    model: Any = onnx.load_from_string(graph)
    floats = onnx.TensorProto.FLOAT
    model.graph.output.extend(helper.make_tensor_value_info(n, floats, None) for n in names)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found: dict[str, Floats] = {}
    for rows in embedded:
        for name, states in zip(names, session.run(names, {INPUT: rows}), strict=True):
            own = np.abs(states).reshape(-1, states.shape[-1]).max(axis=0)
            found[name] = np.maximum(found.get(name, 0.0), own)
    return found
