"""A BERT's layers as an ONNX graph, written operation by operation.

Attention over all heads at once is an operation that onnxruntime has for transformers on every
processor (``com.microsoft``), so nothing has to be found and fused when the graph is opened, and
its bytes hang on the weights alone. It knows no padding: without a mask, attention takes the faster
way (Dao et al. 2022). A sum and its layer norm stay apart, and so do biases and what follows them:
onnxruntime's operations of both take longer.

In eight bits a product's weights are rounded here, and its states as they come, all to one scale. A
few features of a BERT's states are far larger than the others whatever the text, and would take
that scale for themselves (Dettmers et al. 2022): :mod:`pipeline.export.outliers` finds them. Those
of a layer's inner states pass by in float32; those that the feed-forward maps read are split into
several smaller ones (Zhao et al. 2019), which costs no further product.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from pipeline.export.bert import Bert, Floats
from pipeline.export.outliers import Columns, rounded
from pipeline.serving.card import INPUT, Precision

OPSET = 20
IR_VERSION = 10
CONTRIB = "com.microsoft"
SPLIT = 5  # features that a large one is split into
NONE: Columns = {}
Map = tuple[Floats, Floats]
Head = Sequence[Map]  # two linear maps with a GELU between, each weight (out, in) and bias


class Graph:
    """Nodes and constants, gathered in order.

    :param precision: of the weights of products.
    :param outliers: of states, by their name, the features that are far larger than the others.
    """

    def __init__(self, precision: Precision, outliers: Columns = NONE) -> None:
        self.precision = precision
        self.outliers = outliers
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        """Add a constant; return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operation: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add an operation with one output; return that."""
        self.nodes.append(helper.make_node(operation, inputs, [output], name=output, **attributes))
        return output

    def split(self, rows: str, outputs: Sequence[str]) -> None:
        """Split the last axis into equal parts."""
        self.nodes.append(
            helper.make_node(
                "Split", [rows], outputs, name=f"{rows}.split", axis=-1, num_outputs=len(outputs)
            )
        )

    def product(self, rows: str, name: str, weights: Floats) -> str:
        """Multiply the last axis (f,) of ``rows`` with ``weights`` of shape (f, g)."""
        if self.precision == "float32":
            return self.node("MatMul", [rows, self.constant(f"{name}.weight", weights)], name)
        return self._rounded(rows, name, weights)

    def affine(self, rows: str, name: str, weights: Floats, bias: Floats) -> str:
        """Multiply likewise, and add a bias (g,)."""
        constant = self.constant(f"{name}.bias", bias)
        if self.precision == "float32":
            rows = self.product(rows, f"{name}.product", weights)
            return self.node("Add", [rows, constant], name)
        return self._rounded(rows, name, weights, "", constant)

    def gelu(self, rows: str, name: str) -> str:
        """Take GELU: exactly, or by tanh where rounding is coarser than that."""
        way = "none" if self.precision == "float32" else "tanh"
        return self.node("Gelu", [rows], name, approximate=way)

    def _rounded(self, rows: str, name: str, weights: Floats, *more: str) -> str:
        whole, scale = rounded(weights)
        constants = [self.constant(f"{name}.weight", whole), self.constant(f"{name}.scale", scale)]
        return self.node("DynamicQuantizeMatMul", [rows, *constants, *more], name, domain=CONTRIB)

    def model(self, width: int, outputs: Sequence[tuple[str, int]]) -> bytes:
        """Serialise; ``outputs`` have shape (b, t, n), each with its n."""
        floats = onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            "bert",
            [helper.make_tensor_value_info(INPUT, floats, ["b", "t", width])],
            [helper.make_tensor_value_info(n, floats, ["b", "t", size]) for n, size in outputs],
            self.constants,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
            ir_version=IR_VERSION,
            producer_name="broadsheet",
        )
        data: bytes = model.SerializeToString(deterministic=True)
        return data


def story_graph(bert: Bert, precision: Precision, outliers: Columns = NONE) -> bytes:
    """Give the last state of every token: ``states`` (b, t, d)."""
    graph = Graph(precision, outliers)
    states = _layers(graph, bert)
    return graph.model(bert.width, [(states, bert.width)])


def page_graph(bert: Bert, begins: Head, precision: Precision, outliers: Columns = NONE) -> bytes:
    """Give ``states`` and what one head says of every token, ``begins`` (b, t, 1)."""
    graph = Graph(precision, outliers)
    states = _layers(graph, bert)
    graph.precision = "float32"  # of the head: it is small
    said = _head(graph, states, "begins", begins)
    return graph.model(bert.width, [(states, bert.width), (said, 1)])


def heads_graph(heads: Sequence[Head]) -> bytes:
    """Give what each head says of states, side by side: ``answers`` (b, p, n)."""
    graph = Graph("float32")
    said = [_head(graph, INPUT, f"head.{number}", head) for number, head in enumerate(heads)]
    answers = graph.node("Concat", said, "answers", axis=-1)
    size = sum(len(bias) for _, (_, bias) in heads)
    return graph.model(heads[0][0][0].shape[1], [(answers, size)])


def _head(graph: Graph, rows: str, name: str, head: Head) -> str:
    (inner, inner_bias), (outer, outer_bias) = head
    hidden = graph.gelu(graph.affine(rows, f"{name}.inner", inner.T, inner_bias), f"{name}.gelu")
    return graph.affine(hidden, name, outer.T, outer_bias)


def _layers(graph: Graph, bert: Bert) -> str:
    states = _norm(graph, bert, "embeddings", INPUT, "embeddings")
    for number in range(bert.layers):
        last = number == bert.layers - 1
        states = _layer(graph, bert, number, states, "states" if last else f"layer.{number}")
    return states


def _layer(graph: Graph, bert: Bert, number: int, states: str, output: str) -> str:
    """One layer: attention, then the feed-forward maps, each added to what came and normed."""
    state, name = bert.state, f"layer.{number}"
    attention, ours = f"encoder.{name}.attention", f"{name}.attention"
    maps = [f"{attention}.self.{part}" for part in ("query", "key", "value")]
    weights = np.concatenate([state[f"{part}.weight"].T for part in maps], axis=1)
    bias = np.concatenate([state[f"{part}.bias"] for part in maps])
    seen = graph.affine(states, f"{ours}.maps", weights, bias)
    each = [f"{ours}.query", f"{ours}.key", f"{ours}.value"]
    graph.split(seen, each)
    seen = graph.node("MultiHeadAttention", each, ours, domain=CONTRIB, num_heads=bert.heads)
    seen = graph.affine(seen, f"{ours}.output", *_map(bert, f"{attention}.output.dense"))
    states = _added(graph, bert, f"{attention}.output", seen, states, f"{ours}.norm")
    inner, outer = f"encoder.{name}.intermediate.dense", f"encoder.{name}.output"
    widening, narrowing = _map(bert, inner), _map(bert, f"{outer}.dense")
    hidden = _feed_forward(graph, name, states, widening, narrowing)
    return _added(graph, bert, outer, hidden, states, output)


def _map(bert: Bert, name: str) -> Map:
    """Return a linear map's weights (f, g) and bias (g,)."""
    return bert.state[f"{name}.weight"].T, bert.state[f"{name}.bias"]


def _feed_forward(graph: Graph, name: str, states: str, widening: Map, narrowing: Map) -> str:
    """Widen the states, and bring them back; large inner features pass by in float32."""
    (inner, bias), (outer, outer_bias) = widening, narrowing
    large = graph.outliers.get(f"{name}.gelu")
    few = None
    if large is not None:
        few = graph.constant(f"{name}.few.inner.weight", inner[:, large])
        few = graph.node("MatMul", [states, few], f"{name}.few.inner.product")
        few_bias = graph.constant(f"{name}.few.inner.bias", bias[large])
        few = graph.gelu(
            graph.node("Add", [few, few_bias], f"{name}.few.inner"), f"{name}.few.gelu"
        )
        weight = graph.constant(f"{name}.few.outer.weight", outer[large])
        few = graph.node("MatMul", [few, weight], f"{name}.few.outer")
        inner, bias, outer = inner.copy(), bias.copy(), outer.copy()
        inner[:, large], bias[large], outer[large] = 0.0, 0.0, 0.0
    rows, inner = _split_up(graph, name, states, inner)
    hidden = graph.gelu(graph.affine(rows, f"{name}.inner", inner, bias), f"{name}.gelu")
    hidden = graph.affine(hidden, f"{name}.outer", outer, outer_bias)
    return hidden if few is None else graph.node("Add", [hidden, few], f"{name}.both")


def _split_up(graph: Graph, name: str, states: str, weights: Floats) -> tuple[str, Floats]:
    """Split each large feature into :data:`SPLIT` equal ones, and repeat its weights."""
    large = graph.outliers.get(states)
    if large is None:
        return states, weights
    share = np.ones(len(weights), dtype=np.float32)
    share[large] = 1.0 / SPLIT
    again = np.repeat(large, SPLIT - 1)
    rows = graph.node("Mul", [states, graph.constant(f"{name}.share", share)], f"{name}.shared")
    more = graph.constant(f"{name}.again", again)
    more = graph.node("Gather", [rows, more], f"{name}.more", axis=-1)
    rows = graph.node("Concat", [rows, more], f"{name}.split", axis=-1)
    return rows, np.concatenate([weights, weights[again]])


def _added(graph: Graph, bert: Bert, source: str, rows: str, states: str, output: str) -> str:
    """Add to a map's result what came in, and norm the sum."""
    return _norm(graph, bert, source, graph.node("Add", [rows, states], f"{output}.sum"), output)


def _norm(graph: Graph, bert: Bert, source: str, rows: str, output: str) -> str:
    constants = [
        graph.constant(f"{output}.norm.{part}", bert.state[f"{source}.LayerNorm.{part}"])
        for part in ("weight", "bias")
    ]
    return graph.node(
        "LayerNormalization", [rows, *constants], output, axis=-1, epsilon=bert.epsilon
    )
