"""Corpora of other shapes than the starter's."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from pipeline.mix.layouts import LAYOUTS, mix_pages
from pipeline.records import Article
from tests.tiny import some_articles

BARE = tuple(
    msgspec.structs.replace(
        article, headline=None, kicker=None, byline=None, dateline=None, caption=None, group=""
    )
    for article in some_articles()
)
ONE_SENTENCE = tuple(
    msgspec.structs.replace(article, paragraphs=(f"The river rose by {i} metres on Sunday.",))
    for i, article in enumerate(BARE)
)
LONG = tuple(
    msgspec.structs.replace(
        article,
        paragraphs=tuple(f"Reading {i} of gauge {k} was high.\n It fell." for k in range(40)),
    )
    for i, article in enumerate(BARE)
)
ONE_LUMP = tuple(
    msgspec.structs.replace(article, paragraphs=("", " ".join(article.paragraphs), "  "))
    for article in BARE
)
UNLABELLED = tuple(msgspec.structs.replace(article, topics=(), countries=()) for article in BARE)
ALONE = BARE[:1]
CORPORA = (BARE, ONE_SENTENCE, LONG, ONE_LUMP, UNLABELLED, ALONE)


@pytest.mark.parametrize("articles", CORPORA, ids=lambda articles: str(len(articles)))
def test_pages_are_made_of_any_corpus(articles: Sequence[Article]) -> None:
    pages = mix_pages(articles, 300, 1, "x")
    assert {page.layout for page in pages} >= set(LAYOUTS) - {"wire", "transcript"}
    for page in pages:
        assert page.stories
        inked = sum(not c.isspace() for c in page.text)
        spans = [*page.stories, *page.residue]
        covered = "".join(page.text[span.start : span.end] for span in spans)
        assert sum(not c.isspace() for c in covered) == inked
        assert all(p.end > p.start for story in page.stories for p in story.parts)


def test_a_page_of_long_articles_stays_within_bounds() -> None:
    pages = mix_pages(LONG, 300, 2, "x")
    assert max(len(page.text) for page in pages) < 60_000
    whole = [s for p in pages for s in p.stories if s.kind == "article"]
    assert any(sum(part.role == "body" for part in story.parts) >= 40 for story in whole)


def test_an_article_of_blank_paragraphs_is_left_out() -> None:
    blank = msgspec.structs.replace(BARE[0], id="blank", paragraphs=(" ", "\n"))
    pages = mix_pages([blank, *BARE[1:40]], 60, 3, "x")
    assert "blank" not in {story.article for page in pages for story in page.stories}
