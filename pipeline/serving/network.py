"""A BERT in ONNX: token ids in, states out. Embeddings are looked up outside the graph.

The graphs of stories and of pages differ in their layers and share their embeddings, so one table
of words serves both. It is mapped from its file: of 30,522 rows a page needs a few hundred.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import BroadsheetError, CorruptArtifactError
from pipeline.serving.card import COMMAND, INPUT, TABLES, TOKENIZER, WORDS, Card, read_card
from pipeline.serving.words import map_words
from pipeline.store.digest import file_sha256
from pipeline.store.layout import require
from pipeline.store.tensors import read_tensors

FAULTS = ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NotImplemented")
Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.integer[Any]]
_SHARING = threading.Lock()


class Export:
    """An export's card, tokenizer and tables, each read when first used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._networks: dict[str, Network] = {}

    def network(self, name: str) -> Network:
        """Return a graph of the export, the same one at every call."""
        return self._networks.setdefault(name, Network(self.folder / name))

    def prepare(self) -> None:
        """Begin to open the graphs that have been asked for, in the background.

        The process waits for them where it ends first: onnxruntime aborts if it is cut off.
        """
        for network in self._networks.values():
            threading.Thread(target=network.attempt).start()

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all of its files, in hexadecimal."""
        files = sorted(path for path in self.folder.iterdir() if path.is_file())
        names = "\n".join(f"{path.name} {file_sha256(path)}" for path in files)
        return hashlib.sha256(names.encode()).hexdigest()

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
        return map_words(self.folder / WORDS)

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
    """One graph, opened when first run, or before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._session: Any = None
        self._opening = threading.Lock()

    def attempt(self) -> None:
        """Open the graph; if that fails, it will fail again when it is run."""
        with contextlib.suppress(BroadsheetError):
            self._open()

    def run(self, rows: Floats) -> list[Floats]:
        """Pass ``b`` sequences of one length through the graph.

        :param rows: what each token is, shape (b, t, d).
        :returns: the graph's outputs, each (b, t, ...).
        """
        outputs: list[Floats] = self._open().run(None, {INPUT: rows})
        return outputs

    def _open(self) -> Any:
        with self._opening:
            if self._session is None:
                self._session = self._opened()
            return self._session

    def _opened(self) -> Any:
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as faults

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # sequences side by side gain more than one in a team
        options.inter_op_num_threads = 1
        options.graph_optimization_level = (
            onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC  # more fuses what is faster apart
        )
        options.log_severity_level = 3
        options.enable_mem_pattern = False  # it keeps a plan for every length it has met
        options.add_session_config_entry("session.use_env_allocators", "1")
        with _SHARING:
            _share_memory()
        try:
            return onnxruntime.InferenceSession(
                str(require(self.path, COMMAND)), options, providers=["CPUExecutionProvider"]
            )
        except tuple(getattr(faults, name) for name in FAULTS) as error:
            reason = str(error).splitlines()[0]
            raise CorruptArtifactError(f"{self.path}: {reason}; run `{COMMAND}`") from error


@cache
def _share_memory() -> None:
    """Let all graphs of this process work in the same memory, which grows to the most that is used.

    Each would otherwise keep the most that it has ever used for itself.
    """
    import onnxruntime

    kind, use = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, onnxruntime.OrtMemType.DEFAULT
    memory = onnxruntime.OrtMemoryInfo("Cpu", kind, 0, use)
    onnxruntime.create_and_register_allocator(memory, None)
