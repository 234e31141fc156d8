"""The labelled sets: what every method may learn from, and what it is measured on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.toponyms import focus, toponym_country
from pipeline.evaluate.answers import real_countries
from pipeline.evaluate.benchmark import GOLD, RealItem
from pipeline.evaluate.source_labels import reuters_places
from pipeline.realnews import measured_ids, rows
from pipeline.records import Article
from pipeline.store.jsonl import read_records
from pipeline.store.layout import ARTICLES

FOLDS = 5
TOPONYMS = {
    "lgl": "LGL, local news in English",
    "trnews": "TR-News, news of many houses",
    "geovirus": "GeoVirus, Wikinews on epidemics",
    "geowebnews": "GeoWebNews, news of the web",
}


class Item(NamedTuple):
    """A text; ``labels`` are right, the main one first, ``main`` accepted as the main one.

    What only some annotators gave is in ``also``, neither right nor wrong.
    """

    headline: str | None
    text: str
    labels: tuple[str, ...]
    main: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Headline and text."""
        return f"{self.headline}\n{self.text}" if self.headline else self.text


class Task(NamedTuple):
    """One measurement. ``parts`` are pairs of training and test items, one a fold.

    ``bundle`` is true where the trained bundle itself is asked; else its encoder and head learn
    the set's own labels from the training items, as a user's would. ``taught`` are the parts for a
    labeller that learns a set's own labels where the others do not; none where nothing may be
    learned from it.
    """

    name: str
    what: str
    parts: list[tuple[Sequence[Item], Sequence[Item]]]
    bundle: bool = False
    taught: Sequence[tuple[Sequence[Item], Sequence[Item]]] = ()


def topic_tasks(shared: Path) -> Iterator[Task]:
    """Read the sets on which topics are measured.

    :raises MissingArtifactError: a set or the corpus is not there.
    """
    yield Task(
        "gold_dev",
        "real stories and leads, annotated twice, 17 IPTC topics; learned from the starter "
        "corpus' training part and 2,911 real stories annotated once",
        [(_taught(shared), [_gold(item) for item in read_records(shared / GOLD, RealItem)])],
        bundle=True,
    )
    ag = [(row["split"], _single(row)) for row in rows(shared / "data/agnews.jsonl.gz")]
    yield Task("agnews", "AG News, its own test split, 4 labels", [_own_split(ag)])
    bbc = [_single(row) for row in rows(shared / "data/bbc.jsonl.gz")]
    yield Task("bbc", f"BBC, {FOLDS} folds, 5 labels", _folds(bbc))


def place_tasks(shared: Path) -> Iterator[Task]:
    """Read the sets on which focus countries are measured."""
    gold = [
        Item(
            g.title,
            g.text,
            real_countries(g.countries),
            real_countries(g.countries)[:1],
            g.countries_also,
        )
        for g in read_records(shared / GOLD, RealItem)
    ]
    yield Task("gold_dev", "real stories and leads, annotated twice", [([], gold)], bundle=True)
    train, test = _own_split(list(_placed(rows(shared / "data/reuters21578.jsonl.gz"))))
    yield Task(
        "reuters_places",
        "Reuters-21578, test split, stories with places, whose order means nothing; taught: the "
        "training split",
        [([], test)],
        bundle=True,
        taught=[(train, test)],
    )
    for name, what in TOPONYMS.items():
        items = list(_annotated(rows(shared / f"data/geo_{name}.jsonl.gz")))
        yield Task(
            name,
            f"{what}; focus derived from annotated toponyms (`benchmarks/toponyms.py`); taught: "
            f"{FOLDS} folds",
            [([], items)],
            bundle=True,
            taught=_folds(items),
        )


def _placed(found: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Item]]:
    """Give each of Reuters' stories that has places its split and its countries."""
    places = reuters_places()
    for row in found:
        codes = tuple(dict.fromkeys(places[p] for p in row["places"] if p in places))
        if row["text"] and row["places"]:
            title = (row["title"] or "").capitalize()
            text = " ".join(row["text"].split())
            yield row["split"], Item(title or None, text, codes, codes[:1])


def _own_split(items: Sequence[tuple[str, Item]]) -> tuple[list[Item], list[Item]]:
    """Take the training and the test items of a set that names each one's split."""
    return [i for split, i in items if split == "train"], [
        i for split, i in items if split == "test"
    ]


def _folds(items: Sequence[Item]) -> list[tuple[Sequence[Item], Sequence[Item]]]:
    """Hold out every so many-th item, then the ones behind them, and so on."""
    return [
        ([item for n, item in enumerate(items) if n % FOLDS != k], items[k::FOLDS])
        for k in range(FOLDS)
    ]


def _annotated(found: Iterable[dict[str, Any]]) -> Iterator[Item]:
    """Give each story its focus countries; a title that the text opens with is taken off it."""
    for row in found:
        codes, main = focus(toponym_country(toponym) for toponym in row["toponyms"])
        if codes:
            text = row["text"].removeprefix(row["title"])
            yield Item(row["title"] or None, " ".join(text.split()), codes, main)


def _taught(shared: Path) -> list[Item]:
    corpus = [
        Item(a.headline, " ".join(a.paragraphs), a.topics, a.topics[:1])
        for a in read_records(ARTICLES, Article)
        if a.split == "train"
    ]
    out = measured_ids(shared)
    for row in rows(shared / "data/real_labelled.jsonl"):
        topics = tuple(topic for topic in row["topics"] if topic != "none")
        if topics and row["id"] not in out:
            corpus.append(Item(row["title"], row["text"], topics, topics[:1]))
    return corpus


def _gold(item: RealItem) -> Item:
    return Item(item.title, item.text, item.topics, item.primary, item.topics_also)


def _single(row: dict[str, Any]) -> Item:
    return Item(row["title"], " ".join(row["text"].split()), (row["label"],), (row["label"],))
