"""Windows of pages gathered into padded batches, longest together, by a budget of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from pipeline.reader.network import Batch
from pipeline.reader.tokens import UnitTokens

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
    owner = np.full(shape, -1, dtype=np.int64)
    mask = np.zeros(shape, dtype=bool)
    marks: list[tuple[int, int]] = []
    for row, sheet in enumerate(sheets):
        ids[row, 0], at = CLS, 1
        for unit in sheet.units:
            end = at + len(unit.ids)
            ids[row, at:end], forms[row, at:end] = unit.ids, unit.forms
            owner[row, at + 1 : end] = len(marks)
            marks.append((row, at))
            at = end
        ids[row, at] = SEP
        mask[row, : at + 1] = True
    return Batch(*map(torch.from_numpy, (ids, forms, owner, mask, _pairs(marks))))


def _pairs(marks: list[tuple[int, int]]) -> npt.NDArray[np.int64]:
    return np.array(marks, dtype=np.int64).reshape(-1, 2)
