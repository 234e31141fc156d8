"""Readers: what turns a page's units into vectors and first answers about each.

:class:`PageReader` reads units in context, by the adapted encoder; :class:`UnitReader` encodes
each by itself with any encoder, and has no answers to give.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.encoder import Encoder
from pipeline.reader.patterns import form_cuts
from pipeline.reader.sheets import Batch, Pieces, Sheet, collate, pieces
from pipeline.reader.tokens import INSIDE, UnitTokens, unit_tokens
from pipeline.reader.windows import Window, plan_windows
from pipeline.records import UNIT_ROLES
from pipeline.threads import in_order
from pipeline.units import Unit, split_units

Floats = npt.NDArray[np.float32]
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


class TokenStates(NamedTuple):
    """Each token of ``b`` windows of ``t`` tokens as the network reads it, float32.

    ``states`` (b, t, d); ``begins`` (b, t), log-odds that a further piece begins there.
    """

    states: Floats
    begins: Floats


class PieceAnswers(NamedTuple):
    """What the network says of ``p`` pieces, float32.

    Log-odds ``boundary`` and ``cut_off`` (p,); ``roles`` (p, 9), log-probabilities but for a
    constant.
    """

    boundary: Floats
    cut_off: Floats
    roles: Floats


class TokenNetwork(Protocol):
    """Anything that passes windows through the adapted encoder."""

    @property
    def fingerprint(self) -> str:
        """A name that changes when the answers would."""

    @property
    def tokenizer(self) -> Any:
        """A ``tokenizers.Tokenizer``, without padding or truncation."""

    def states(self, batch: Batch) -> TokenStates:
        """Read windows that have been collated."""

    def answers(self, anchors: Floats) -> PieceAnswers:
        """Answer for pieces by the states of the tokens at which they begin, shape (p, d)."""


class Reader(Protocol):
    """Anything that reads pages."""

    @property
    def fingerprint(self) -> str:
        """A name that changes when the readings would."""

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        """Read pages, of one unit at least, one :class:`Reading` each, in order."""


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
    """Reads pages in context, a window at a time: on a processor a batch of them is no faster.

    A token that stands in several windows has the mean of its states, and of its log-odds that a
    piece begins there; a window counts as the square root of the tokens from it to the window's
    nearer end. What is asked of a piece is asked of the mean.

    :param network: the adapted encoder; nothing is loaded before the first page.
    :param side_by_side: read windows side by side, a core each; false where the network itself
        takes all cores.
    """

    def __init__(self, network: TokenNetwork, side_by_side: bool = True) -> None:
        self.network = network
        self.side_by_side = side_by_side

    @property
    def fingerprint(self) -> str:
        """The network's."""
        return self.network.fingerprint

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        """Read pages."""
        tokens = [unit_tokens(page.pieces, page.units, self.network.tokenizer) for page in pages]
        plans = [plan_windows([len(unit.ids) for unit in own]) for own in tokens]
        sheets = [
            Sheet(own[window.start : window.end], 0)
            for own, windows in zip(tokens, plans, strict=True)
            for window in windows
        ]
        with closing(self._said_of(sheets)) as said:
            return [
                _joined(page, [_answer(self.network, *run) for run in _runs(own, windows, said)])
                for page, own, windows in zip(pages, tokens, plans, strict=True)
            ]

    def _said_of(self, sheets: Sequence[Sheet]) -> Generator[Floats, None, None]:
        """Read windows one by one, or a core each."""
        if self.side_by_side:
            return in_order(self._said, sheets)
        return (self._said(sheet) for sheet in sheets)

    def _said(self, sheet: Sheet) -> Floats:
        """Read one window of t tokens: a token's state, and its log-odds last, shape (t, d + 1)."""
        states, begins = self.network.states(collate([sheet]))
        return np.column_stack([states[0, 1:-1], begins[0, 1:-1]])


def _runs(
    tokens: Sequence[UnitTokens], windows: Sequence[Window], said: Iterator[Floats]
) -> Iterator[tuple[Sheet, Floats]]:
    """Take a page's next windows, and give its units once no further window has them.

    What is kept until then does not grow with the page.

    :param said: of each window, a row a token, shape (t, k).
    :yields: runs of units, none empty, with the mean rows of their tokens, likewise.
    """
    ends = np.cumsum([0, *(len(unit.ids) for unit in tokens)])
    kept: Floats | None = None
    for window, done in zip(windows, [*(w.start for w in windows[1:]), len(tokens)], strict=True):
        rows = next(said)
        near = np.arange(1, len(rows) + 1, dtype=np.float32)
        weights = np.sqrt(np.minimum(near, near[::-1]))[:, None]
        rows = np.column_stack([rows, np.ones(len(rows), dtype=np.float32)]) * weights
        if kept is not None:
            rows[: len(kept)] += kept
        stop = int(ends[done] - ends[window.start])
        yield Sheet(tokens[window.start : done], 0), rows[:stop, :-1] / rows[:stop, -1:]
        kept = rows[stop:]


class _Part(NamedTuple):
    """What is said of a run of units: cuts inside each, and rows a piece."""

    cuts: list[list[int]]
    rows: list[Floats]


def _answer(network: TokenNetwork, sheet: Sheet, said: Floats) -> _Part:
    """Cut a run of units into pieces, and answer for each.

    :param said: of each token its state, and last its log-odds, shape (t, d + 1).
    """
    offsets = np.concatenate([unit.offsets for unit in sheet.units])
    cuts = _cuts(sheet, said[offsets != INSIDE, -1] > SPLIT)
    own = pieces([sheet], [cuts])
    states = np.pad(said[:, :-1], ((1, 1), (0, 0)))  # pieces count a window's two ends
    answers = network.answers(states[own.anchors[:, 1]])
    places = [
        [int(unit.offsets[token]) for token in inner]
        for unit, inner in zip(sheet.units, cuts, strict=True)
    ]
    roles = _log_shares(answers.roles)
    return _Part(places, [_means(states, own), answers.boundary, roles, answers.cut_off])


def _means(states: Floats, own: Pieces) -> Floats:
    """Take the mean direction of each piece's states; zeros for a piece without tokens."""
    owner = own.owner.ravel()
    inside = np.flatnonzero(owner >= 0)
    present, starts = np.unique(owner[inside], return_index=True)
    vectors = np.zeros((len(own.anchors), states.shape[-1]), dtype=np.float32)
    if len(starts):
        rows = states.reshape(-1, vectors.shape[1])[inside]
        vectors[present] = np.add.reduceat(rows, starts, axis=0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return vectors


def _log_shares(scores: Floats) -> Floats:
    """Turn scores into log-probabilities, row by row."""
    scores = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))


def _cuts(sheet: Sheet, begins: npt.NDArray[np.bool_]) -> list[list[int]]:
    """Share out what was said of the words inside units: for each unit, the tokens it is cut at.

    A unit is cut behind an agency's dateline, whatever was said.
    """
    cuts: list[list[int]] = []
    at = 0
    for unit in sheet.units:
        words = np.flatnonzero(unit.offsets != INSIDE)
        cut = begins[at : at + len(words)] | (unit.offsets[words] == unit.behind)
        cuts.append([int(token) for token in words[cut]])
        at += len(words)
    return cuts


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
