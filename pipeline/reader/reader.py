"""Readers: what turns a page's units into vectors and first answers about each.

:class:`PageReader` reads units in context, by the adapted encoder; :class:`UnitReader` encodes
each by itself with any encoder, and has no answers to give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.encoder import (
    Encoder,
    packaged_encoder,
    packaged_fingerprint,
    packaged_tokenizer,
)
from pipeline.reader.patterns import form_cuts
from pipeline.reader.tokens import INSIDE, unit_tokens
from pipeline.reader.windows import Window, plan_windows
from pipeline.records import UNIT_ROLES
from pipeline.store.digest import file_sha256
from pipeline.units import Unit, split_units

if TYPE_CHECKING:
    from pipeline.reader.batches import Sheet
    from pipeline.reader.network import PageNetwork

Floats = npt.NDArray[np.float32]
TOKENS = 6144  # in a batch, padding included
SPLIT = 0.0  # the log-odds from which a unit is split before a word


class Reading(NamedTuple):
    """What was read of a page's ``n`` units: the page's own, split where parts begin inside them.

    The arrays are float32. ``vectors`` (n, d) are unit vectors; ``boundary`` and ``cut_off`` (n,)
    log-odds that a story starts there and that the text is cut off there; ``roles`` (n, 9)
    log-probabilities in the order of the records' roles. All zero where the reader cannot say.
    """

    units: list[Unit]
    vectors: Floats
    boundary: Floats
    roles: Floats
    cut_off: Floats


class PageUnits(NamedTuple):
    """A page's text and the units found in it."""

    text: str
    units: Sequence[Unit]

    @property
    def pieces(self) -> list[str]:
        """The text of each unit."""
        return [self.text[unit.start : unit.end] for unit in self.units]


class Reader(Protocol):
    """Anything that reads pages."""

    @property
    def fingerprint(self) -> str:
        """A name that changes when the readings would."""

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        """Read pages, one :class:`Reading` each, in order."""


class UnitReader:
    """Encodes each unit by itself: for any encoder that has not been adapted to pages.

    Units are split by their form alone (:func:`pipeline.reader.patterns.form_cuts`).
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    @property
    def fingerprint(self) -> str:
        """The encoder's."""
        return self.encoder.fingerprint

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        """Read pages; all their units go to the encoder in one call."""
        split = [
            PageUnits(
                page.text,
                split_units(page.text, page.units, [form_cuts(page.text, u) for u in page.units]),
            )
            for page in pages
        ]
        vectors = self.encoder.encode([piece for page in split for piece in page.pieces])
        ends = np.cumsum([len(page.units) for page in split])
        own = np.split(vectors, ends[:-1])
        return [_silent(list(page.units), rows) for page, rows in zip(split, own, strict=True)]


def _silent(units: list[Unit], vectors: Floats) -> Reading:
    unknown = np.zeros(len(vectors), dtype=np.float32)
    roles = np.zeros((len(vectors), len(UNIT_ROLES)), dtype=np.float32)
    return Reading(units, vectors, unknown, roles, unknown)


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
        windows: list[Window] = []
        ends: list[int] = []
        for page in pages:
            tokens = unit_tokens(page.pieces, page.units, tokenizer)
            for window in plan_windows([len(unit.ids) for unit in tokens]):
                sheets.append(Sheet(tokens[window.start : window.end], len(windows)))
                windows.append(window)
            ends.append(len(windows))
        parts: dict[int, _Part] = {}
        for batch in batches(sheets, TOKENS):
            _answer(network, batch, windows, parts)
        return [
            _joined(page, [parts[key] for key in range(first, last)])
            for page, first, last in zip(pages, [0, *ends], ends, strict=False)
        ]

    def _load(self) -> tuple[PageNetwork, Any]:
        if self._network is None:
            from pipeline.reader.weights import load_network

            self._network = load_network(self.weights, fresh_network())
            self._tokenizer = packaged_tokenizer()
        return self._network, self._tokenizer


class _Part(NamedTuple):
    """What one window says of the units that count in it: cuts inside each, and rows a piece."""

    cuts: list[list[int]]
    rows: list[Floats]


def _answer(
    network: PageNetwork,
    sheets: Sequence[Sheet],
    windows: Sequence[Window],
    parts: dict[int, _Part],
) -> None:
    """Read one batch, and keep what counts of every window under its key."""
    import torch

    from pipeline.reader.batches import collate, pieces

    batch = collate(sheets)
    with torch.inference_mode():
        states = network.states(batch)
        begins = network.splits(states, batch).numpy() > SPLIT
        cuts = list(_cuts(sheets, begins))
        answers = network.answers(states, pieces(sheets, cuts))
    fields = (
        answers.vectors.numpy(),
        answers.boundary.numpy(),
        torch.log_softmax(answers.roles, dim=-1).numpy(),
        answers.cut_off.numpy(),
    )
    at = 0
    for sheet, own in zip(sheets, cuts, strict=True):
        window = windows[sheet.key]
        ends = at + np.cumsum([0] + [1 + len(inner) for inner in own])
        first, last = window.first - window.start, window.last - window.start
        places = [
            [int(unit.offsets[token]) for token in inner]
            for unit, inner in zip(sheet.units[first:last], own[first:last], strict=True)
        ]
        parts[sheet.key] = _Part(places, [rows[ends[first] : ends[last]] for rows in fields])
        at = int(ends[-1])


def _cuts(sheets: Sequence[Sheet], begins: npt.NDArray[np.bool_]) -> Iterator[list[list[int]]]:
    """Share out what was said of the words inside units: for each unit, the tokens it is cut at."""
    at = 0
    for sheet in sheets:
        own: list[list[int]] = []
        for unit in sheet.units:
            words = np.flatnonzero(unit.offsets != INSIDE)
            own.append([int(token) for token in words[begins[at : at + len(words)]]])
            at += len(words)
        yield own


def _joined(page: PageUnits, parts: Sequence[_Part]) -> Reading:
    places = [inner for part in parts for inner in part.cuts]
    cuts = [
        [unit.start + place for place in inner]
        for unit, inner in zip(page.units, places, strict=True)
    ]
    units = split_units(page.text, page.units, cuts)
    return Reading(
        units, *(np.concatenate(rows) for rows in zip(*(p.rows for p in parts), strict=True))
    )


def fresh_network() -> PageNetwork:
    """Build the network over the packaged encoder as it came."""
    from pipeline.reader.network import PageNetwork

    return PageNetwork(packaged_encoder())
