"""Asking the cache first: what it has not, is worked out a few at a time, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pipeline.store.cache import Cache

AT_ONCE = 64  # contents that are worked out before their results are kept
Content = TypeVar("Content")
Result = TypeVar("Result")


def looked_up(
    cache: Cache,
    keys: Sequence[bytes],
    contents: Sequence[Content],
    work_out: Callable[[list[Content]], Iterable[Result]],
    packed: Callable[[Result], bytes],
    unpacked: Callable[[bytes], Result],
) -> tuple[list[Result], int]:
    """Return the result of each content, in order, and how many had to be worked out.

    :param keys: of the contents; what has one key is worked out once.
    :param work_out: gives a result for each of the contents that it is given, in order.
    :param packed: writes a result, and ``unpacked`` reads it again.
    """
    found = {key: unpacked(value) for key, value in cache.get(keys).items()}
    new = {key: one for key, one in zip(keys, contents, strict=True) if key not in found}
    left = list(new)
    for start in range(0, len(left), AT_ONCE):
        some = left[start : start + AT_ONCE]
        results = dict(zip(some, work_out([new[key] for key in some]), strict=True))
        cache.put({key: packed(result) for key, result in results.items()})
        found.update(results)
    return [found[key] for key in keys], len(new)
