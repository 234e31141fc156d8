"""Stories told twice on one page: a teaser, or a brief, and the story that tells it in full.

A story is told in another if half of its word 4-grams (shingles, Broder 1997: this is his
containment) stand there too, or if both have one headline and the other holds nearly all of its
content words. It does not find one event told in other words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from pipeline.reading import Sample
from pipeline.records import Story

SHINGLE = 4  # words
CONTAINED = 0.5  # of a story's shingles
COMMON = 3  # shingles at least: six words in a row, where a stock phrase has fewer
WORDS_CONTAINED = 0.8  # of a story's content words, under one headline
CONTENT = 4  # letters or digits from which a word is one of content
HEADLINE = 3  # words from which a headline tells stories apart ("In brief" does not)
DEEP = 16  # fullest stories that are looked up for one shingle or headline

WORD = re.compile(r"\w+")
Words = tuple[str, ...]


class _Told(NamedTuple):
    """What a story says: ``own`` shingles are sought in the ``all`` of a fuller story."""

    length: int
    headline: Words
    own: frozenset[Words]
    all: frozenset[Words]
    content: frozenset[str]


def with_links(text: str, stories: Sequence[Story]) -> tuple[Story, ...]:
    """Set ``same_as`` on the stories of a page that another of them tells in full."""
    samples = [Sample(text, story) for story in stories]
    links = find_links(
        [_body(sample) for sample in samples], [sample.first("headline") for sample in samples]
    )
    return tuple(replace(story, same_as=link) for story, link in zip(stories, links, strict=True))


def find_links(bodies: Sequence[str], headlines: Sequence[str | None]) -> list[int | None]:
    """Find for each story of a page the fuller one that tells it, if any.

    :param bodies: the stories' texts without their headlines; may be empty.
    :param headlines: of the same stories.
    :returns: for each story the index of another that is longer (as long, and earlier) and has
        no link itself, or ``None``. Of several, the one that holds most of the story.

    Time is linear in the length of the page: a shingle that many stories share is looked up in
    the ``DEEP`` fullest of them alone.

    >>> bodies = ["Rain fell on Oslo all day ...", "Rain fell on Oslo all day and all night."]
    >>> find_links(bodies, [None, None])
    [1, None]
    """
    told = [_read(*pair) for pair in zip(bodies, headlines, strict=True)]
    fullest = sorted(range(len(told)), key=lambda i: (-told[i].length, i))
    links: list[int | None] = [None] * len(told)
    shingles: dict[Words, list[int]] = {}  # ranks in ``fullest``, in order
    titles: dict[Words, list[int]] = {}
    for rank, i in enumerate(fullest):
        found = _by_shingles(told[i], shingles)
        if found is None:
            fuller = titles.get(told[i].headline, [])
            found = next((r for r in fuller if _holds(told[fullest[r]], told[i])), None)
        if found is not None:
            target = fullest[found]
            final = links[target]
            links[i] = target if final is None else final
        for shingle in told[i].all:
            _add(shingles.setdefault(shingle, []), rank)
        if len(told[i].headline) >= HEADLINE:
            _add(titles.setdefault(told[i].headline, []), rank)
    return links


def _by_shingles(story: _Told, known: Mapping[Words, Sequence[int]]) -> int | None:
    common = Counter(rank for shingle in story.own for rank in known.get(shingle, ()))
    if not common:
        return None
    best = min(common, key=lambda rank: (-common[rank], rank))
    enough = common[best] >= max(COMMON, CONTAINED * len(story.own))
    return best if enough else None


def _holds(fuller: _Told, story: _Told) -> bool:
    return len(story.content & fuller.content) >= WORDS_CONTAINED * len(story.content)


def _add(ranks: list[int], rank: int) -> None:
    if len(ranks) < DEEP:
        ranks.append(rank)


def _read(body: str, headline: str | None) -> _Told:
    words, title = _words(body), _words(headline or "")
    own, above = _shingles(words), _shingles(title)
    content = frozenset(word for word in words if len(word) >= CONTENT)
    return _Told(len(title) + len(words), title, own if words else above, own | above, content)


def _words(text: str) -> Words:
    return tuple(WORD.findall(text.casefold()))


def _shingles(words: Words) -> frozenset[Words]:
    return frozenset(zip(*(words[i:] for i in range(SHINGLE)), strict=False))


def _body(sample: Sample) -> str:
    """Join sub-heads and body; of a story that has neither, nor a headline, take all."""
    spans = sample.spans("subhead", "body")
    if not spans and sample.first("headline") is None:
        return sample.readable()
    return "\n".join(sample.text[part.start : part.end] for part in spans)
