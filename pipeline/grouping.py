"""Texts of like length read together: as little padding as pays, and no batch too large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

BUDGET = 4096  # tokens of a batch, padding included
CALL = 48  # tokens that a further call of the encoder costs as much as


def groups(lengths: Sequence[int], budget: int = BUDGET, call: int = CALL) -> Iterator[list[int]]:
    """Group sequences by length, the longest first; yield their indices.

    A batch ends where padding would cost more than a further call, or where it would hold more
    than ``budget`` tokens.

    >>> list(groups([2, 100, 99, 3], call=10))
    [[1, 2], [3, 0]]
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    batch: list[int] = []
    wasted = 0
    for i in order:
        width = lengths[batch[0]] if batch else 0
        if batch and (wasted + width - lengths[i] > call or width * (len(batch) + 1) > budget):
            yield batch
            batch, wasted = [], 0
            width = lengths[i]
        wasted += (width or lengths[i]) - lengths[i]
        batch.append(i)
    if batch:
        yield batch
