from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from pipeline.mix.layouts import LAYOUTS, mix_pages
from pipeline.records import Page
from tests.tiny import some_articles, some_pages

PAGES = some_pages(400, 5)
REPEATING = ("teasers", "index")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_stories_and_residue_cover_all_but_white_space_and_do_not_overlap(page: Page) -> None:
    spans = sorted((s.start, s.end) for s in [*page.stories, *page.residue])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(page.text[i].isspace() for i in set(range(len(page.text))) - covered)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_parts_lie_in_order_inside_their_story(page: Page) -> None:
    assert page.stories
    assert list(page.stories) == sorted(page.stories, key=lambda story: story.start)
    for story in page.stories:
        edges = [edge for part in story.parts for edge in (part.start, part.end)]
        assert edges == sorted(edges)
        assert (story.start, story.end) == (edges[0], edges[-1])
        for part in story.parts:
            text = page.text[part.start : part.end]
            assert text
            assert text == text.strip()
            assert "\n" not in text


def test_every_layout_role_and_kind_appears() -> None:
    assert {page.layout for page in PAGES} == set(LAYOUTS)
    parts = [part.role for page in PAGES for story in page.stories for part in story.parts]
    assert set(parts) == {
        "headline", "kicker", "byline", "dateline", "caption", "credit", "subhead", "body"
    }  # fmt: skip
    assert {s.kind for page in PAGES for s in page.stories} == {"article", "brief", "teaser"}
    assert any(page.residue for page in PAGES)


def test_a_page_mixes_no_folds() -> None:
    folds = {article.id: article.fold for article in some_articles()}
    for page in PAGES:
        assert {folds[story.article] for story in page.stories} == {page.fold}


def test_index_pages_and_pages_of_teasers_may_repeat_a_story_once_and_no_others_do() -> None:
    repeating = set()
    for page in PAGES:
        counts = Counter(story.article for story in page.stories)
        assert sum(counts.values()) - len(counts) <= 1
        if max(counts.values()) > 1:
            repeating.add(page.layout.split(",")[0])
    assert repeating == set(REPEATING)


def test_few_pages_repeat_a_story() -> None:
    pages = [page for page in PAGES if page.layout.startswith(REPEATING)]
    again = [p for p in pages if len({s.article for s in p.stories}) < len(p.stories)]
    assert 0.03 < len(again) / len(pages) < 0.25


def test_about_a_seventh_of_the_pages_have_one_story() -> None:
    alone = [page for page in PAGES if len(page.stories) == 1]
    assert 0.09 < len(alone) / len(PAGES) < 0.22


def test_a_single_page_has_one_story_and_a_flattened_one_no_line_end() -> None:
    for page in PAGES:
        if page.layout == "single":
            assert len(page.stories) == 1
        if page.layout == "flattened":
            assert "\n" not in page.text


def test_excerpts_are_briefs_of_nothing_but_body() -> None:
    for page in PAGES:
        if page.layout == "excerpts":
            assert not page.residue
            for story in page.stories:
                assert (story.kind, story.truncated) == ("brief", False)
                assert {part.role for part in story.parts} == {"body"}


def test_some_stories_are_interrupted_by_residue() -> None:
    def gaps(page: Page) -> list[str]:
        return [
            text
            for story in page.stories
            for a, b in pairwise(story.parts)
            if (text := page.text[a.end : b.start].strip(" \n:"))
        ]

    texts = [text for page in PAGES for text in gaps(page)]
    assert len(texts) > 20
    assert any(text.startswith("Read more: ") for text in texts)


def test_no_slot_of_a_template_is_left_open() -> None:
    assert not [page.id for page in PAGES if "{" in page.text or "\0" in page.text]


def test_truncated_stories_stop_before_their_article_does() -> None:
    whole = {article.id: " ".join(article.paragraphs) for article in some_articles()}
    cut = [(p, s) for p in PAGES for s in p.stories if s.truncated]
    assert len(cut) > 50
    for page, story in cut:
        body = [part for part in story.parts if part.role == "body"][-1]
        text = page.text[body.start : body.end].rstrip(" .…—[]()more")
        assert len(text) < len(whole[story.article])


def test_a_kicker_is_marked_without_its_colon() -> None:
    kickers = [
        page.text[part.start : part.end + 1]
        for page in PAGES
        for story in page.stories
        for part in story.parts
        if part.role == "kicker"
    ]
    assert any(kicker.endswith(":") for kicker in kickers)
    assert not any(kicker[:-1].endswith(":") for kicker in kickers)


def test_one_seed_gives_one_set_of_pages_and_another_seed_another() -> None:
    articles = some_articles()
    assert mix_pages(articles, 20, 3, "x") == mix_pages(articles, 20, 3, "x")
    assert mix_pages(articles, 20, 3, "x") != mix_pages(articles, 20, 4, "x")


def test_a_list_of_headlines_is_a_teaser_each_and_may_follow_an_article() -> None:
    pages = mix_pages(some_articles(), 60, 3, "x", {"headlines": 1.0})
    led = 0
    for page in pages:
        teasers = [story for story in page.stories if story.kind == "teaser"]
        led += len(page.stories) > len(teasers)
        assert len(page.stories) - len(teasers) <= 1
        assert len(teasers) > 2
        for story in teasers:
            roles = [part.role for part in story.parts]
            assert roles.count("headline") == 1
            assert set(roles) <= {"headline", "kicker", "dateline", "byline"}
            assert not story.truncated
    assert 15 < led < 45
    assert sum(bool(page.residue) for page in pages) > 30


def test_an_article_below_a_list_of_headlines_has_its_own() -> None:
    pages = mix_pages(some_articles(), 400, 3, "x", {"headlines": 1.0})
    below = [page.stories[-1] for page in pages if page.stories[-1].kind == "article"]
    assert len(below) > 8
    assert all("headline" in {part.role for part in story.parts} for story in below)
    above = [page.stories[0] for page in pages if page.stories[0].kind == "article"]
    assert not all("headline" in {part.role for part in story.parts} for story in above)
