"""Real stories that teach how pages are cut, from the labelled sets beside the project.

Nothing that a figure is measured on is among them (:mod:`pipeline.realnews`); Reuters' unused
split and all of BBC, Brown, Wikipedia and medicine stay out too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.realnews import held_out, measured_ids, rows
from pipeline.records import Article
from pipeline.sentences import sentence_spans

Rng = np.random.Generator

HELD_OUT = 20  # one story in so many is never taught the reader
LONGEST = 60  # sentences kept of a story
CAPTIONED = 0.5  # of the Guardian's longer stories have a sentence taken out to be a caption


def real_articles(shared: Path, rng: Rng) -> list[Article]:
    """Read the stories that may teach, in a shuffled order.

    :param shared: the folder that holds ``data/`` and ``seg/``.
    :raises MissingArtifactError: a set is not there.
    """
    out = measured_ids(shared)
    found = [
        *_guardian(shared, rng),
        *_reuters(shared),
        *_leads(shared, "agnews", 8000),
        *_leads(shared, "inshorts", 4000),
    ]
    kept = [article for article in found if article.id not in out and article.paragraphs]
    return [kept[i] for i in rng.permutation(len(kept))]


def kept_from_teaching(story: str) -> bool:
    """Say whether the story with this id is kept from the reader, for what must be new to it."""
    return held_out(story, HELD_OUT)


def source(article: Article) -> str:
    """Name the set that a story is from."""
    return article.id.split("-")[0]


def _guardian(shared: Path, rng: Rng) -> Iterator[Article]:
    for row in rows(shared / "data/guardian.jsonl.gz"):
        text = " ".join(row["text"].split())
        parts = [text[start:end] for start, end in sentence_spans(text)]
        if len(text) >= 5900:  # the set keeps 6,000 characters: the last sentence may be cut
            parts = parts[:-1]
        parts, caption = _captioned(parts[:LONGEST], rng)
        yield Article(
            id=row["id"],
            topics=(row["section"],),
            countries=tuple(row["tags"][:3]),
            paragraphs=_paragraphs(parts, rng),
            headline=row["title"] or None,
            caption=caption,
        )


def _captioned(parts: list[str], rng: Rng) -> tuple[list[str], str | None]:
    """Take a short sentence out of a story as a caption: the set has none of its own."""
    short = [n for n, part in enumerate(parts) if n > 2 and 5 <= len(part.split()) <= 22]
    if len(parts) < 8 or not short or rng.random() >= CAPTIONED:
        return parts, None
    taken = int(rng.choice(short))
    text = parts[taken] if rng.random() < 0.6 else parts[taken].rstrip(".")
    return [*parts[:taken], *parts[taken + 1 :]], text


def _paragraphs(parts: list[str], rng: Rng) -> tuple[str, ...]:
    """Group sentences as newspapers do, one to four a paragraph; the set has lost its own."""
    longest = int(rng.integers(1, 5))
    lines: list[str] = []
    while parts:
        count = int(rng.integers(1, longest + 1))
        lines.append(" ".join(parts[:count]))
        parts = parts[count:]
    return tuple(lines)


def _reuters(shared: Path) -> Iterator[Article]:
    for row in rows(shared / "data/reuters21578.jsonl.gz"):
        if row["split"] != "train" or not row["text"]:
            continue
        paragraphs = [" ".join(p.split()) for p in re.split(r"\n {2,}", row["text"])]
        paragraphs = [
            p for p in paragraphs if p and p.lower().strip(" .") not in ("reuter", "reuters")
        ]
        yield Article(
            id=row["id"],
            topics=(row["topics"][0] if row["topics"] else "none",),
            countries=tuple(row["places"]),
            paragraphs=tuple(paragraphs[:LONGEST]),
            headline=_title(row["title"]),
        )


def _title(title: str | None) -> str | None:
    """Set a wire's headline in capitals as a page would print it, without its ticker."""
    bare = " ".join(re.sub(r"<[^>]*>", " ", title or "").split())
    return bare.capitalize() if bare else None


def _leads(shared: Path, name: str, most: int) -> Iterator[Article]:
    leads = [r for r in rows(shared / f"data/{name}.jsonl.gz") if r.get("split") != "test"]
    for row in leads[:most]:
        text = " ".join(row["text"].split())
        if len(text) > 60:
            yield Article(
                id=row["id"],
                topics=(row["label"],),
                countries=(),
                paragraphs=(text,),
                form="brief",
                headline=row["title"] or None,
            )
