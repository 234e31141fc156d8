"""Real stories with labels of many kinds, from the sets beside the project.

Each set asks its own questions: the topics of stories labelled for this project, a newspaper's
sections and tags, an agency's subjects and places, the categories of others. Focus countries are
not asked for: the country ranker learns what a vector says of them, and has to learn it on
stories on which the encoder was not taught to say it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.realnews import held_out, measured_ids, rows
from pipeline.records import Article
from pipeline.taxonomy import is_country

LEAST = 40  # stories that a label must have to be asked for
CHARACTERS = 1600  # of a story that are kept: more than is ever read of it
TOPICS = "topics"  # the one question whose answers have an order, the main one first


class Labelled(NamedTuple):
    """A story with the labels it has under each question."""

    id: str
    headline: str
    text: str
    labels: Mapping[str, tuple[str, ...]]


def labelled_sets(shared: Path, one_in: int) -> dict[str, list[Labelled]]:
    """Read the stories that may teach, by set.

    :param shared: the folder that holds ``data/`` and ``seg/``.
    :param one_in: of the stories labelled for this project, one in so many is kept from training.
    :raises MissingArtifactError: a set is not there.
    """
    taken = set(measured_ids(shared))
    found: dict[str, list[Labelled]] = {}
    for name, (file, read) in SETS.items():
        stories = [read(row) for row in rows(shared / "data" / file)]
        own = [story for story in stories if story is not None and story.id not in taken]
        taken |= {story.id for story in own}
        found[name] = own
    found["labelled"] = [s for s in found["labelled"] if not held_out(s.id, one_in)]
    return found


def corpus_stories(articles: Sequence[Article]) -> list[Labelled]:
    """Take the training split of the project's own corpus."""
    return [
        Labelled(a.id, a.headline or "", " ".join(a.paragraphs), {TOPICS: a.topics})
        for a in articles
        if a.split == "train"
    ]


def labelled_articles(shared: Path) -> list[Article]:
    """Read the stories labelled for this project, held out or not, but no measured one."""
    out = measured_ids(shared)
    found = []
    for row in rows(shared / "data" / SETS["labelled"][0]):
        story = _labelled(row)
        if story is not None and story.id not in out:
            countries = tuple(code for code in row["countries"] if is_country(code))
            topics, headline = story.labels[TOPICS], story.headline or None
            found.append(Article(story.id, topics, countries, (story.text,), headline=headline))
    return found


def vocabulary(stories: Iterator[Labelled]) -> dict[str, tuple[str, ...]]:
    """List the labels of each question, but those too rare to be learned."""
    counts: dict[str, Counter[str]] = {}
    for story in stories:
        for question, labels in story.labels.items():
            counts.setdefault(question, Counter()).update(labels)
    return {
        question: tuple(sorted(label for label, n in own.items() if n >= _least(question)))
        for question, own in sorted(counts.items())
    }


def _least(question: str) -> int:
    return 1 if question == TOPICS else LEAST


def _labelled(row: Mapping[str, Any]) -> Labelled | None:
    topics = tuple(topic for topic in row["topics"] if topic != "none")
    return _story(row, {TOPICS: topics}) if topics else None


def _guardian(row: Mapping[str, Any]) -> Labelled:
    return _story(row, {"guardian": (f"section {row['section']}", *row["tags"])})


def _agnews(row: Mapping[str, Any]) -> Labelled | None:
    return _story(row, {"agnews": (row["label"],)}) if row["split"] == "train" else None


def _huffpost(row: Mapping[str, Any]) -> Labelled:
    return _story(row, {"huffpost": (row["label"],)})


def _inshorts(row: Mapping[str, Any]) -> Labelled:
    return _story(row, {"inshorts": row["labels"] or (row["label"],)})


def _reuters(row: Mapping[str, Any]) -> Labelled | None:
    if row["split"] != "train" or not row["text"]:
        return None
    title = (row["title"] or "").capitalize()
    return _story({**row, "title": title}, {"reuters": row["topics"], "places": row["places"]})


def _story(row: Mapping[str, Any], labels: Mapping[str, Sequence[str]]) -> Labelled:
    text = " ".join(row["text"][:CHARACTERS].split())
    return Labelled(row["id"], row["title"] or "", text, {k: tuple(v) for k, v in labels.items()})


SETS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Labelled | None]]] = {
    "labelled": (
        "real_labelled.jsonl",
        _labelled,
    ),  # first: what other sets have of it is not theirs
    "guardian": ("guardian.jsonl.gz", _guardian),
    "huffpost": ("huffpost.jsonl.gz", _huffpost),
    "agnews": ("agnews.jsonl.gz", _agnews),
    "inshorts": ("inshorts.jsonl.gz", _inshorts),
    "reuters": ("reuters21578.jsonl.gz", _reuters),
}
