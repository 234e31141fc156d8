"""U00: the segmentation under which a text's words are likeliest.

Utiyama and Isahara (2001), "A Statistical Model for Domain-Independent Text Segmentation". Every
segment has its own distribution of words, smoothed over the text's vocabulary (Laplace), and each
further segment costs ``log n``; the least cost is a shortest path, found by dynamic programming.
The number of segments comes out of it; nothing is trained.

Words are counted as in the paper's comparison with C99: stop words left out, stems by Porter
(1980). The stop words are scikit-learn's, which need no download.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import inf, log
from typing import Any

_LETTERS = re.compile(r"[^\W\d_]+")


def content_words(text: str) -> list[str]:
    """Reduce ``text`` to the stems of its words, without stop words.

    >>> content_words("The barges were burning.")
    ['barg', 'burn']
    """
    stop = stop_words()
    return [_stem(word) for word in _LETTERS.findall(text.lower()) if word not in stop]


def stop_words() -> frozenset[str]:
    """Return scikit-learn's 318 English stop words."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    stemmed: str = _stemmer().stem(word)
    return stemmed


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    from nltk.stem import PorterStemmer

    return PorterStemmer()


def segment(units: Sequence[Sequence[str]]) -> list[int]:
    """Segment a text given as the words of each of its units.

    >>> segment([["sea", "ship"]] * 4 + [["vote", "poll"]] * 4)
    [0, 4]

    :returns: the units that start a segment, in order, the first (0) among them.
    """
    if not units:
        return []
    words, vocabulary = _numbered(units)
    n = sum(len(unit) for unit in words)
    if n == 0:
        return [0]
    gain = [(f + 1) * log(f + 2) - f * log(f + 1) for f in range(n)]
    best, before = [0.0] + [inf] * len(words), [0] * (len(words) + 1)
    for start in range(len(words)):
        for end, cost in enumerate(_costs(words[start:], vocabulary, gain), start=start + 1):
            if best[start] + cost + log(n) < best[end]:
                best[end], before[end] = best[start] + cost + log(n), start
    return _path(before)


def _numbered(units: Iterable[Sequence[str]]) -> tuple[list[list[int]], int]:
    numbers: dict[str, int] = {}
    words = [[numbers.setdefault(word, len(numbers)) for word in unit] for unit in units]
    return words, len(numbers)


def _costs(units: list[list[int]], vocabulary: int, gain: list[float]) -> Iterable[float]:
    """Yield the cost of the segment of the first unit, the first two, and so on.

    It is the sum of ``log((size + vocabulary) / (f + 1))`` over the segment's words, ``f`` being
    how often each stands in it; ``gain[f]`` is what the word's ``f + 1``-th occurrence adds to
    the sum of ``f log(f + 1)``.
    """
    counts = [0] * vocabulary
    size, gained = 0, 0.0
    for unit in units:
        for word in unit:
            gained += gain[counts[word]]
            counts[word] += 1
        size += len(unit)
        yield size * log(size + vocabulary) - gained


def _path(before: list[int]) -> list[int]:
    starts: list[int] = []
    end = len(before) - 1
    while end > 0:
        end = before[end]
        starts.append(end)
    return starts[::-1]
