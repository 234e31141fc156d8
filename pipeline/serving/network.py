"""A BERT in ONNX: token ids in, states out. Embeddings are looked up outside the graph.

The graphs of stories and of pages differ in their layers and share their embeddings, so one table
of words serves both. It is mapped from its file: of 30,522 rows a page needs a few hundred.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import CorruptArtifactError
from pipeline.serving.card import COMMAND, TABLES, TOKENIZER, WORDS, Card, read_card
from pipeline.store.layout import require
from pipeline.store.tensors import read_tensors
from pipeline.threads import cores

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.integer[Any]]


class Export:
    """An export's card, tokenizer and tables, each read when first used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def card(self) -> Card:
        """What the export is of."""
        return read_card(self.folder)

    @cached_property
    def tokenizer(self) -> Any:
        """The ``tokenizers.Tokenizer``, without padding or truncation."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(require(self.folder / TOKENIZER, COMMAND)))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def words(self) -> Floats:
        """A row for every token of the vocabulary, shape (v, d)."""
        path = require(self.folder / WORDS, COMMAND)
        try:
            words: Floats = np.load(path, mmap_mode="r", allow_pickle=False)
        except ValueError as error:
            raise CorruptArtifactError(f"{path} is no table of words: run `{COMMAND}`") from error
        return words

    @cached_property
    def tables(self) -> dict[str, Floats]:
        """``positions`` (n, d) and, where pages are read, ``forms`` (f, d)."""
        return read_tensors(self.folder / TABLES, COMMAND)

    def embed(self, ids: Ids, forms: Ids | None = None) -> Floats:
        """Add up what is known of each token before any context, shape (b, t, d).

        :param ids: shape (b, t), like ``forms``.
        """
        embedded = self.words[ids] + self.tables["positions"][: ids.shape[1]]
        return embedded if forms is None else embedded + self.tables["forms"][forms]


class Network:
    """One graph, opened when first run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, embedded: Floats) -> list[Floats]:
        """Pass ``b`` sequences of one length through the graph.

        :param embedded: shape (b, t, d).
        :returns: the graph's outputs, each (b, t, ...).
        """
        outputs: list[Floats] = self._session.run(None, {"embedded": embedded})
        return outputs

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = cores()
        options.inter_op_num_threads = 1
        options.graph_optimization_level = (
            onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC  # more fuses what is faster apart
        )
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # it keeps the largest batch's memory for good
        try:
            return onnxruntime.InferenceSession(
                str(require(self.path, COMMAND)), options, providers=["CPUExecutionProvider"]
            )
        except (onnxruntime.capi.onnxruntime_pybind11_state.Fail, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise CorruptArtifactError(f"{self.path}: {reason}; run `{COMMAND}`") from error
