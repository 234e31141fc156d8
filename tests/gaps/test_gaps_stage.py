"""The stage ``gaps``: whose pages it describes, and what it leaves on disk."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from pipeline.errors import UsageError
from pipeline.gaps import __main__ as stage
from pipeline.params import GapsParams
from pipeline.reader.reader import UnitReader
from pipeline.realpages.sources import kept_from_teaching
from pipeline.records import Article
from pipeline.segment.gap_pack import read_gaps
from pipeline.store import layout
from pipeline.store.metrics import read_metrics
from tests.encoders import HashedEncoder
from tests.tiny import PARAMS, some_articles, some_pages

OWN = GapsParams(shared="", pages=40, seed=3)


def articles(*_: object) -> list[Article]:
    """A few hundred stories, of which the reader was taught nineteen in twenty."""
    return [
        msgspec.structs.replace(article, id=f"paper-{i}-{article.id}", fold=0)
        for i in range(8)
        for article in some_articles()
    ]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in, with the free encoder as the reader."""
    monkeypatch.chdir(tmp_path)
    params = SimpleNamespace(gaps=OWN, segment=PARAMS)
    for name, value in {
        "load_params": lambda: params,
        "open_reader": lambda _: UnitReader(HashedEncoder()),
        "cached_reader": lambda reader, *_: reader,
        "cache_for": lambda _: None,
        "Export": lambda _: SimpleNamespace(digest=""),
        "read_records": lambda *_: some_pages(24, 2),
        "real_articles": articles,
    }.items():
        monkeypatch.setattr(stage, name, value)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_pages_are_of_stories_that_the_reader_was_not_taught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used: set[str] = set()
    mix = stage.mix_real_pages

    def watched(deck: list[Article], count: int, rng: np.random.Generator) -> object:
        used.update(article.id for article in deck)
        return mix(deck, count, rng)

    monkeypatch.setattr(stage, "mix_real_pages", watched)
    stage.main()
    kept = {article.id for article in articles() if kept_from_teaching(article.id)}
    assert used == kept
    assert 20 < len(kept) < len(articles()) / 10
    card = read_metrics(layout.GAPS_CARD)
    assert card["stories"] == {"paper": len(kept)}
    assert sum(card["pages"].values()) == OWN.pages
    assert card["params"] == {"pages": OWN.pages, "seed": OWN.seed}
    reader, pages = read_gaps(layout.GAPS)
    assert reader == HashedEncoder().fingerprint
    assert card["gaps"] == sum(int(page.told.sum()) for page in pages)
    assert card["boundaries"] == sum(int(page.cut.sum()) for page in pages) > OWN.pages
    assert {page.fold for page in pages} == set(range(stage.FOLDS))


def test_two_runs_write_the_same_bytes(project: Path) -> None:
    found = []
    for _ in range(2):
        stage.main()
        found.append((project / layout.GAPS).read_bytes())
    assert found[0] == found[1]


@pytest.mark.usefixtures("project")
def test_without_a_reader_there_is_nothing_to_describe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "open_reader", lambda _: None)
    with pytest.raises(UsageError, match=r"set encoder\.reader"):
        stage.main()


def test_no_page_mixes_stories_of_two_folds() -> None:
    own = [msgspec.structs.replace(a, fold=i % 5) for i, a in enumerate(articles())]
    folds = {article.id: article.fold for article in own}
    pages = stage.mixed(own, 110, np.random.default_rng(1))
    assert len(pages) == 110
    for page in pages:
        assert {folds[story.article] for story in page.stories} == {page.fold}
