"""Readers: what turns a page's units into vectors and first answers about each.

:class:`PageReader` reads units in context, by the adapted encoder; :class:`UnitReader` encodes
each by itself with any encoder, and has no answers to give.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.encoder import Encoder, packaged_fingerprint, packaged_folder
from pipeline.reader.tokens import unit_tokens
from pipeline.reader.windows import Window, plan_windows
from pipeline.records import UNIT_ROLES
from pipeline.store.digest import file_sha256
from pipeline.units import Unit

if TYPE_CHECKING:
    from pipeline.reader.batches import Sheet
    from pipeline.reader.network import PageNetwork

Floats = npt.NDArray[np.float32]
TOKENS = 6144  # in a batch, padding included


class Reading(NamedTuple):
    """What was read of ``n`` units, float32.

    ``vectors`` (n, d) are unit vectors; ``boundary`` and ``cut_off`` (n,) log-odds that a story
    starts there and that the text is cut off there; ``roles`` (n, 9) log-probabilities in the
    order of the records' roles. All zero where the reader cannot say.
    """

    vectors: Floats
    boundary: Floats
    roles: Floats
    cut_off: Floats


class PageUnits(NamedTuple):
    """A page's units and the text of each."""

    units: Sequence[Unit]
    pieces: Sequence[str]


class Reader(Protocol):
    """Anything that reads pages."""

    @property
    def fingerprint(self) -> str:
        """A name that changes when the readings would."""

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        """Read pages, one :class:`Reading` each, in order."""


class UnitReader:
    """Encodes each unit by itself: for any encoder that has not been adapted to pages."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    @property
    def fingerprint(self) -> str:
        """The encoder's."""
        return self.encoder.fingerprint

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        """Read pages; all their units go to the encoder in one call."""
        vectors = self.encoder.encode([piece for page in pages for piece in page.pieces])
        ends = np.cumsum([len(page.pieces) for page in pages])
        return [_silent(rows) for rows in np.split(vectors, ends[:-1])]


def _silent(vectors: Floats) -> Reading:
    unknown = np.zeros(len(vectors), dtype=np.float32)
    roles = np.zeros((len(vectors), len(UNIT_ROLES)), dtype=np.float32)
    return Reading(vectors, unknown, roles, unknown)


class PageReader:
    """Reads pages with the adapted encoder; nothing is loaded before the first page.

    :param weights: what :mod:`pipeline.adapt` wrote.
    """

    def __init__(self, weights: Path) -> None:
        self.weights = weights
        self._network: PageNetwork | None = None
        self._tokenizer: Any = None

    @property
    def fingerprint(self) -> str:
        """The packaged encoder's, and the first 16 digits of the weights' SHA-256."""
        return f"{packaged_fingerprint()}+{file_sha256(self.weights)[:16]}"

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        """Read pages."""
        from pipeline.reader.batches import Sheet, batches

        network, tokenizer = self._load()
        sheets: list[Sheet] = []
        plan: list[tuple[int, Window]] = []
        for number, page in enumerate(pages):
            tokens = unit_tokens(page.pieces, page.units, tokenizer)
            for window in plan_windows([len(unit.ids) for unit in tokens]):
                sheets.append(Sheet(tokens[window.start : window.end], len(plan)))
                plan.append((number, window))
        readings = [_blank(len(page.units), network.width) for page in pages]
        for batch in batches(sheets, TOKENS):
            _answer(network, batch, plan, readings)
        return readings

    def _load(self) -> tuple[PageNetwork, Any]:
        if self._network is None:
            self._network, self._tokenizer = load_reader(self.weights)
        return self._network, self._tokenizer


def _blank(count: int, width: int) -> Reading:
    shapes: Iterable[tuple[int, ...]] = (
        (count, width),
        (count,),
        (count, len(UNIT_ROLES)),
        (count,),
    )
    return Reading(*(np.zeros(shape, dtype=np.float32) for shape in shapes))


def _answer(
    network: PageNetwork,
    sheets: Sequence[Sheet],
    plan: Sequence[tuple[int, Window]],
    readings: Sequence[Reading],
) -> None:
    """Read one batch and put what counts of every window where it belongs."""
    import torch

    from pipeline.reader.batches import collate

    with torch.inference_mode():
        answers = network(collate(sheets))
    fields = (
        answers.vectors.numpy(),
        answers.boundary.numpy(),
        torch.log_softmax(answers.roles, dim=-1).numpy(),
        answers.cut_off.numpy(),
    )
    at = 0
    for sheet in sheets:
        page, window = plan[sheet.key]
        lead = at + window.first - window.start
        for own, read in zip(readings[page], fields, strict=True):
            own[window.first : window.last] = read[lead : lead + window.last - window.first]
        at += len(sheet.units)


def packaged_tokenizer() -> Any:
    """Open the packaged encoder's tokenizer, without padding or truncation."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def fresh_network() -> PageNetwork:
    """Build the network over the packaged encoder as it came, its weights checked.

    :raises CorruptArtifactError: the packaged weights are not the ones expected.
    """
    _ = packaged_fingerprint()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with contextlib.redirect_stdout(sys.stderr):
        import transformers

        from pipeline.reader.network import PageNetwork

        quiet: Any = transformers.utils.logging
        quiet.set_verbosity_error()
        quiet.disable_progress_bar()
        folder = str(packaged_folder())
        encoder = transformers.AutoModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        return PageNetwork(encoder.float())


def load_reader(weights: Path) -> tuple[PageNetwork, Any]:
    """Load the adapted network and its tokenizer."""
    from pipeline.reader.weights import load_network

    return load_network(weights, fresh_network()), packaged_tokenizer()
