"""Which predicted thing stands for which gold one: starts by distance, stories by overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Extent(Protocol):
    """Anything with offsets in a page's text, end exclusive."""

    @property
    def start(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """The character after the last."""


def match_starts(
    gold: Sequence[int], predicted: Sequence[int], tolerance: int
) -> list[tuple[int, int]]:
    """Pair positions at most ``tolerance`` apart, one to one and as many as possible.

    Both sequences are sorted; with one tolerance for all, taking the first that fits is optimal.
    """
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(gold) and j < len(predicted):
        if predicted[j] < gold[i] - tolerance:
            j += 1
        elif predicted[j] > gold[i] + tolerance:
            i += 1
        else:
            pairs.append((gold[i], predicted[j]))
            i, j = i + 1, j + 1
    return pairs


def overlap(one: Extent, other: Extent) -> float:
    """Characters in both over characters in either (Jaccard 1912); 0 for two empty extents."""
    both = max(0, min(one.end, other.end) - max(one.start, other.start))
    either = (one.end - one.start) + (other.end - other.start) - both
    return both / either if either else 0.0


def match_stories(
    gold: Sequence[Extent], predicted: Sequence[Extent], least: float = 0.5
) -> list[int | None]:
    """Find the predicted story that stands for each gold one, one to one, the closest first.

    :param least: the overlap from which a story counts as found.
    :returns: for each gold story the index of its predicted one, or ``None``.
    """
    candidates = sorted(
        (-share, i, j)
        for i, story in enumerate(gold)
        for j, other in enumerate(predicted)
        if (share := overlap(story, other)) >= least
    )
    found: list[int | None] = [None] * len(gold)
    taken: set[int] = set()
    for _, i, j in candidates:
        if found[i] is None and j not in taken:
            found[i] = j
            taken.add(j)
    return found
