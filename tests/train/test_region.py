from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pipeline.places.ranker import CountryRanker
from pipeline.places.views import TEASER, country_views, datelines_elsewhere
from pipeline.records import Article
from pipeline.train.region import train_region
from tests.places.corpus import PARAMS, articles, vectors

ARTICLE = Article(
    id="A",
    topics=("economy",),
    countries=("JP",),
    paragraphs=("Boats left. " * 30, "More came."),
    headline="Boats",
    dateline="OSAKA",
)


def test_views_are_whole_and_cut_with_and_without_headline() -> None:
    found = country_views(ARTICLE)
    assert [view.first("headline") for view in found] == ["Boats", None, "Boats", None]
    assert all(view.first("dateline") == "OSAKA" for view in found)
    assert all(view.story.article == "A" for view in found)
    assert len(found[3].text) <= TEASER + len("OSAKA ")
    assert found[1].readable().endswith("More came.")


def test_an_article_of_one_long_word_has_a_teaser() -> None:
    article = Article(id="B", topics=(), countries=(), paragraphs=("x" * 500,))
    assert country_views(article)[1].readable() == "x" * TEASER


def test_views_that_would_be_the_same_are_left_out() -> None:
    short = Article(id="C", topics=(), countries=(), paragraphs=("Boats left.",), headline="Boats")
    assert [view.first("headline") for view in country_views(short)] == ["Boats", None]
    bare = msgspec.structs.replace(short, headline=None)
    assert [view.readable() for view in country_views(bare)] == ["Boats left."]


def test_a_dateline_of_elsewhere_is_that_of_others_and_in_views_of_its_own() -> None:
    made = [
        msgspec.structs.replace(ARTICLE, id=name, countries=countries, dateline=dateline)
        for name, countries, dateline in [
            ("A", ("JP",), "OSAKA"),
            ("B", ("JP", "KR"), "TOKYO"),
            ("C", ("PE",), "LIMA"),
            ("D", ("CL",), None),
            ("E", (), "PARIS"),
        ]
    ]
    found = datelines_elsewhere(made)
    assert found == ["LIMA", "LIMA", found[2], None, found[4]]
    assert found[2] in {"OSAKA", "TOKYO"} and found[4] in {"OSAKA", "TOKYO", "LIMA"}
    assert datelines_elsewhere(made[:2]) == [None, None]
    own, more = country_views(made[0]), country_views(made[0], found[0])
    assert more[: len(own)] == own
    assert [view.first("dateline") for view in more[len(own) :]] == ["LIMA", "LIMA"]
    assert more[len(own)].readable() == own[0].readable()


def test_no_article_is_asked_for_long_for_a_dateline() -> None:
    many = [msgspec.structs.replace(ARTICLE, id=str(n)) for n in range(20_000)]
    assert datelines_elsewhere(many) == [None] * len(many)


def test_views_reported_from_elsewhere_teach_the_trees_and_none_is_held_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [
        msgspec.structs.replace(article, dateline=f"TOWN {article.id} {article.split}")
        for article in articles()
    ]
    seen: list[tuple[Any, ...]] = []
    fit = CountryRanker.fit

    def watched(*given: Any) -> CountryRanker:
        seen.append(given)
        return fit(*given)

    monkeypatch.setattr(CountryRanker, "fit", watched)
    ranker = train_region(made, vectors(made), PARAMS)
    ((samples, _, _, folds, _, _, invented),) = seen
    train = [article for article in made if article.split == "train"]
    datelines = {article.id: article.dateline for article in made}
    elsewhere = [
        n for n, own in enumerate(samples) if own.first("dateline") != datelines[own.story.article]
    ]
    assert sorted(invented) == elsewhere
    assert len(elsewhere) >= len(train) and len(samples) == len(folds)
    assert {samples[n].story.article for n in elsewhere} == {article.id for article in train}
    assert not any("test" in own.first("dateline") for own in samples)
    assert ranker.tables.prior == {"FR": 0.25, "JP": 0.25, "KE": 0.25, "PE": 0.25}


def test_held_out_articles_teach_nothing() -> None:
    made = articles()
    table = vectors(made)
    ranker = train_region(made, table, PARAMS)
    train = [i for i, article in enumerate(made) if article.split == "train"]
    alone = train_region([made[i] for i in train], table[train], PARAMS)
    assert isinstance(ranker, CountryRanker)
    assert ranker.tables == alone.tables
    assert ranker.tables.prior == {"FR": 0.25, "JP": 0.25, "KE": 0.25, "PE": 0.25}
