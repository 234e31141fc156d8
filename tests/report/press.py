"""A project in which every stage before the report has run, on stories that try to break a page.

The stand-in classifier of the evaluation's tests answers, so the figures, the details and the
predictions are what ``evaluate`` writes.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from pipeline.evaluate import __main__ as evaluate
from pipeline.labels import Label
from pipeline.records import Article, Page
from pipeline.report.inputs import READER_FILE
from pipeline.store import layout
from pipeline.store.bundle import FORMAT, Manifest, write_manifest
from pipeline.store.costs import MEASURED, Cost, write_cost
from pipeline.store.jsonl import write_records
from pipeline.store.metrics import write_metrics
from tests.curves import write_curves
from tests.evaluate.fakes import TOPICS, FakeSegmenter, fake_classifier, told

ROOT = Path(__file__).parents[2]
SCRIPT = "<script>alert('headline')</script>"
MARKUP = '"><img src=x onerror=alert(1)></p></main></style><!-- {{ 7 * 7 }} &amp; \x1b[31m'
LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenverband" * 4
COUNTRIES = ("KR", "SD", "MM", "TW", "FR", "BR", "NZ", "KE")
CARD = {"stories": {"a set of stories": 1200}}


def articles() -> list[Article]:
    """Forty stories: every fifth has a topic that its text does not name, every seventh a country
    too many."""
    made = []
    for i in range(40):
        topic, country = TOPICS[i % 4], COUNTRIES[i % 8]
        named = "arts" if i % 5 == 0 else topic
        text = f"A {named} story, number {i}, from {country}{' and US' if i % 7 == 0 else ''}."
        made.append(
            Article(
                f"X-{i}{'<i>' if i == 1 else ''}",
                (topic,),
                (country,),
                (f"{text} {MARKUP}", "More of it.") if i % 10 == 5 else (text,),
                headline=SCRIPT if i % 10 == 5 else LONG if i % 10 == 0 else f"Headline {i}",
                split="test" if i % 2 else "train",
                form="full" if i % 3 else "brief",
            )
        )
    made[1] = msgspec.structs.replace(made[1], topics=("sport",), headline=f"{SCRIPT} {LONG}")
    return made


def cut(page: Page) -> Page:
    """Cut at every line, but for the second."""
    found = FakeSegmenter().cut(page.text, None)
    stories = (*found.stories[:1], *found.stories[2:])
    return Page(page.id, page.layout, page.text, stories, found.residue)


def print_project(monkeypatch: pytest.MonkeyPatch, *, placed: bool = True) -> None:
    """Write all that the report reads, in the working directory; twenty topics are confused."""
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(re.sub(r"bootstrap: \d+", "bootstrap: 20", params))
    every = articles()
    if not placed:
        every = [msgspec.structs.replace(article, countries=()) for article in every]
    held_out = [article for article in every if article.split == "test"]
    pages = [
        told("page <1>", "digest", held_out[:6], residue="# Most popular"),
        told("page 2", f"<b>{LONG[:58]}</b>", held_out[6:12]),
        told("page 3", "single", held_out[12:13]),
    ]
    write_records(layout.ARTICLES, every)
    names = {"arts": f"{SCRIPT} arts", "sport": LONG[:58]}
    write_records(layout.TAXONOMY, [Label(key, names.get(key, key), key) for key in TOPICS])
    write_records(layout.TRAIN_PAGES, pages[:1])
    write_records(layout.TEST_PAGES, pages)
    write_records(layout.CUT_PAGES, [cut(page) for page in pages])
    write_curves(curve(placed=placed))
    write_metrics(layout.READER_CARD, CARD)
    write_metrics(layout.GAPS_CARD, CARD)
    files = {READER_FILE: "0" * 64}
    versions = {"numpy": "2.4.6"}
    manifest = Manifest(FORMAT, "0.1.0", "fake", "fake@1", TOPICS, COUNTRIES, versions, files)
    write_manifest(layout.MODELS, manifest)
    for i, stage in enumerate(MEASURED):
        write_cost(stage, Cost(10.0 * i + 0.5, 12.0 * i, 200.0 + i))
    monkeypatch.setattr(evaluate, "load_classifier", fake_classifier)
    evaluate.main()
    with (layout.PLOTS / "confusion.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"topic {i},topic {max(i - 1, 0)}\n" * 12 for i in range(16))


def curve(*, placed: bool) -> dict[str, object]:
    """A learning curve of three points."""
    points = [
        {"articles": 10 * n, "share": n / 4, "draws": 1, "f1_macro": 0.5, "f1": 0.5 + n / 10}
        | {"f1_low": 0.3, "f1_high": 0.95, "accuracy": 0.4 + n / 10}
        | {"accuracy_low": 0.3, "accuracy_high": 0.9}
        for n in (1, 2, 4)
    ]
    return {
        "topic": points,
        "topic_with_packs": points[:2],
        "country": points if placed else [],
        "pack_stories": 2900,
    }
