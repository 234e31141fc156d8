"""Windows of pages gathered into padded batches, longest together, by a budget of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch

from pipeline.reader.network import Batch, Pieces
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
    return Batch(*map(torch.from_numpy, (ids, forms, begins, mask)))


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
    pairs = np.array(anchors, dtype=np.int64).reshape(-1, 2)
    return Pieces(torch.from_numpy(pairs), torch.from_numpy(owner))
