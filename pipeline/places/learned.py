"""Names learned from the corpus: institutions, districts and surnames tied to one country."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from pipeline.places.folding import fold
from pipeline.places.records import Name

LONGEST = 4  # words in a name
LEAST_STORIES = 3  # stories that must use a name
PURITY = 0.8  # of them about one country
_RUN = re.compile(r"[A-Z][\w'&.-]*\w(?: (?:of |for |and |the )?[A-Z][\w'&.-]*\w)*")


def learn_names(
    texts: Sequence[str],
    countries: Sequence[tuple[str, ...]],
    known: Collection[str],
    common: Collection[str],
) -> dict[str, Name]:
    """Learn capitalised names that the stories about one country use and others do not.

    :param texts: one text a story.
    :param countries: each story's focus countries, the main one first.
    :param known: names that already have a meaning.
    :param common: lower-case words that mean nothing alone, capitalised or not.
    """
    seen: Counter[str] = Counter()
    tied: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, focus in zip(texts, countries, strict=True):
        for name in set(_names(fold(text))):
            if name in known or name.lower() in common or name.title() in known:
                continue
            seen[name] += 1
            for country in focus[:1]:
                tied[name][country] += 1
    learned: dict[str, Name] = {}
    for name in sorted(seen):
        if seen[name] < LEAST_STORIES or not tied[name]:
            continue
        country, count = min(tied[name].items(), key=lambda item: (-item[1], item[0]))
        if count / seen[name] >= PURITY:
            learned[name] = Name("learned", ((country, 1.0),), float(count))
    return learned


def _names(text: str) -> Iterator[str]:
    for match in _RUN.finditer(text):
        words = match[0].removesuffix("'s").split(" ")
        for first in range(len(words)):
            for last in range(first + 1, min(first + LONGEST, len(words)) + 1):
                if words[first][0].isupper() and words[last - 1][0].isupper():
                    yield " ".join(words[first:last])
