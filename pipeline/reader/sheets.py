"""Windows of pages as arrays: gathered into padded batches, with the places of their pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.reader.tokens import INSIDE, UnitTokens

CLS, SEP = 101, 102  # of BERT's uncased vocabulary


class Sheet(NamedTuple):
    """The units of one window, and anything that tells the caller which they are."""

    units: Sequence[UnitTokens]
    key: int

    @property
    def length(self) -> int:
        """Tokens, the two at the ends included."""
        return 2 + sum(len(unit.ids) for unit in self.units)


class Batch(NamedTuple):
    """Windows, padded, arrays or tensors of shape (b, t): vocabulary ``ids`` and ``forms``.

    ``begins`` is true where a further piece may begin, ``mask`` where a token is.
    """

    ids: Any
    forms: Any
    begins: Any
    mask: Any


class Pieces(NamedTuple):
    """Where a batch's ``p`` pieces stand, as arrays or tensors.

    Piece ``i`` begins in window ``anchors[i, 0]`` at token ``anchors[i, 1]``; ``owner`` (b, t)
    numbers the piece of each token; -1: no piece's.
    """

    anchors: Any
    owner: Any


def batches(sheets: Sequence[Sheet], budget: int) -> Iterator[list[Sheet]]:
    """Group windows of like length, so that padded they hold at most ``budget`` tokens."""
    order = sorted(sheets, key=lambda sheet: -sheet.length)
    start = 0
    while start < len(order):
        size = max(1, budget // order[start].length)
        yield order[start : start + size]
        start += size


def collate(sheets: Sequence[Sheet]) -> Batch:
    """Pad windows to one length."""
    width = max(sheet.length for sheet in sheets)
    shape = (len(sheets), width)
    ids, forms = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    begins, mask = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for row, sheet in enumerate(sheets):
        end = sheet.length - 1
        ids[row, 0], ids[row, end] = CLS, SEP
        ids[row, 1:end] = np.concatenate([unit.ids for unit in sheet.units])
        forms[row, 1:end] = np.concatenate([unit.forms for unit in sheet.units])
        begins[row, 1:end] = np.concatenate([unit.offsets for unit in sheet.units]) != INSIDE
        mask[row, : end + 1] = True
    return Batch(ids, forms, begins, mask)


def pieces(sheets: Sequence[Sheet], cuts: Sequence[Sequence[Sequence[int]]]) -> Pieces:
    """Say where the pieces of collated windows stand.

    :param cuts: for each window and unit, the tokens, counted from its mark, at which further
        pieces begin.
    """
    owner = np.full((len(sheets), max(sheet.length for sheet in sheets)), -1, dtype=np.int64)
    anchors: list[tuple[int, int]] = []
    for row, (sheet, inner) in enumerate(zip(sheets, cuts, strict=True)):
        at = 1
        for unit, own in zip(sheet.units, inner, strict=True):
            owner[row, at + 1 : at + len(unit.ids)] = len(anchors)
            anchors.append((row, at))
            for token in own:
                owner[row, at + token : at + len(unit.ids)] = len(anchors)
                anchors.append((row, at + token))
            at += len(unit.ids)
    return Pieces(np.array(anchors, dtype=np.int64).reshape(-1, 2), owner)
