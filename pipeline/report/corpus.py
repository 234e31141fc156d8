"""The corpus at a glance: how much of what there is to learn from and to be measured on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipeline.records import Article
from pipeline.report import charts
from pipeline.report.blocks import Amount, Block, Facts, Row, Section, Table, table
from pipeline.report.inputs import Inputs
from pipeline.taxonomy import country_name, region_of

BAND = 25  # words, of the histogram of lengths
COUNTRIES = 12  # shown, the most frequent first
NOWHERE = "none"


def corpus(inputs: Inputs) -> Section:
    """Count the articles by split, topic, country and length, and the pages by layout."""
    articles = list(inputs.articles.values())
    rows = [Row((_size(inputs, articles),))]
    lengths = [len(article.body.split()) for article in articles]
    beside: list[Block] = [_forms(articles)]
    if lengths:
        title = "Length of articles, without headlines"
        beside.insert(0, charts.histogram("lengths", title, "words", lengths, BAND))
    rows += [Row(tuple(beside)), Row((_topics(inputs, articles), _layouts(inputs)))]
    if any(article.countries for article in articles):
        rows += [Row((_regions(articles), _countries(articles)))]
    return Section(
        "corpus",
        "The corpus at a glance",
        "Articles as ingested, and the pages that were mixed from them. No near-duplicate stands "
        "on both sides of the split.",
        tuple(rows),
    )


def _size(inputs: Inputs, articles: list[Article]) -> Facts:
    splits = Counter(article.split for article in articles)
    words = sum(len(article.body.split()) for article in articles)
    countries = {code for article in articles for code in article.countries}
    topics = {key for article in articles for key in article.topics}
    several = sum(len(article.topics) > 1 for article in articles)
    trained = sum(inputs.train_layouts.values())
    return Facts(
        (
            ("Articles", (f"{_split(splits['train'], splits['test'])}; {words:,} words",)),
            ("Topics", (f"{len(topics)}; {several:,} articles have more than one",)),
            ("Countries", (f"{len(countries)} in focus",)),
            ("Pages", (_split(trained, len(inputs.pages)),)),
            ("Read from", inputs.ingest.sources),
        )
    )


def _split(trained: int, held_out: int) -> str:
    return f"{trained + held_out:,}: {trained:,} to train on, {held_out:,} held out"


def _counted(
    caption: str, what: str, articles: Iterable[tuple[str, str]], most: int | None = None
) -> Table:
    """Count names by split, the most frequent first, with a bar beside the number of both."""
    both = Counter(articles)
    every: Counter[str] = Counter()
    for (name, _), count in both.items():
        every[name] += count
    ordered = sorted(every.items(), key=lambda item: (-item[1], item[0]))[:most]
    return table(
        caption,
        (what, "to train on", "held out", "both"),
        [
            (name, both[name, "train"], both[name, "test"], _drawn(count, ordered[0][1]))
            for name, count in ordered
        ],
        hue=5,
    )


def _topics(inputs: Inputs, articles: list[Article]) -> Table:
    named = [(inputs.names.get(a.topics[0], a.topics[0]), a.split) for a in articles if a.topics]
    return _counted("Articles by main topic", "topic", named)


def _forms(articles: list[Article]) -> Table:
    return _counted("Articles by form", "form", ((a.form, a.split) for a in articles))


def _regions(articles: list[Article]) -> Table:
    return _counted(
        "Articles by sub-region of the main country",
        "sub-region",
        ((_region(article), article.split) for article in articles),
    )


def _region(article: Article) -> str:
    region = region_of(article.countries[0]) if article.countries else None
    return region[1] if region else NOWHERE


def _countries(articles: list[Article]) -> Table:
    named = [(country_name(a.countries[0]), a.split) for a in articles if a.countries]
    return _counted(
        f"Articles by main country, the {COUNTRIES} most frequent", "country", named, COUNTRIES
    )


def _layouts(inputs: Inputs) -> Table:
    trained, held_out = inputs.train_layouts, Counter(page.layout for page in inputs.pages)
    every = Counter(trained) + held_out
    ordered = sorted(every.items(), key=lambda item: (-item[1], item[0]))
    return table(
        "Pages by layout",
        ("layout", "to train on", "held out", "both"),
        [
            (name, trained.get(name, 0), held_out[name], _drawn(count, ordered[0][1]))
            for name, count in ordered
        ],
        hue=5,
    )


def _drawn(count: int, largest: int) -> Amount:
    return Amount(f"{count:,}", count / largest)
