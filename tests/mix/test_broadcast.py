from __future__ import annotations

import re

import numpy as np
import pytest

from pipeline.mix.broadcast import STYLES, Studio, broadcast
from pipeline.mix.draws import Pool
from pipeline.mix.layouts import mix_pages
from pipeline.mix.sheet import Block
from pipeline.mix.wording import all_sentences
from pipeline.records import Page
from tests.tiny import some_articles

ARTICLES = some_articles()
POOL = Pool.of(ARTICLES)
PAGES = mix_pages(ARTICLES, 80, 4, "x", {"transcript": 1.0})


def told(style: str, seed: int, naming: str = "full") -> Block:
    studio = Studio("RUTH PARK", "Ruth Park", style, naming, 1.0)
    return broadcast(ARTICLES[seed], np.random.default_rng(seed), POOL, studio)


def texts(block: Block) -> list[str]:
    return [piece.text for line in block.lines for piece in line]


@pytest.mark.parametrize("style", sorted(set(STYLES)))
def test_a_story_is_told_from_its_beginning_in_its_own_words(style: str) -> None:
    for seed in range(40):
        spoken = " ".join(texts(told(style, seed)))
        own = all_sentences(ARTICLES[seed])
        found = [sentence for sentence in own if sentence in spoken]
        assert found == own[: len(found)]
        assert found


@pytest.mark.parametrize("style", sorted(set(STYLES)))
def test_all_that_is_said_is_body(style: str) -> None:
    for seed in range(10):
        assert {p.role for line in told(style, seed).lines for p in line} == {"body"}


def test_captions_open_a_story_with_three_arrows_and_a_turn_with_two() -> None:
    for seed in range(40):
        first, *rest = texts(told("arrows", seed))
        assert first.startswith(">>> ")
        assert not any(text.startswith(">>> ") for text in rest)


def test_each_way_of_saying_who_speaks_is_met() -> None:
    kinds = {
        "colon": r"^[A-Z][\w' .()-]+: ", "chevrons": r"^>> \S.*: ", "arrows": r"^>>> ",
        "brackets": r"^\[[^\]]+\] ", "own line": r"^[A-Z'. -]+$",
    }  # fmt: skip
    for style, pattern in kinds.items():
        assert sum(bool(re.match(pattern, text)) for text in texts(told(style, 3)))


def test_the_same_host_leads_the_stories_of_a_page() -> None:
    def hosts(page: Page) -> set[str]:
        openings = [page.text[story.start : story.end].split(": ")[0] for story in page.stories]
        return {opening for opening in openings if opening.isupper() and len(opening) < 40}

    led = [hosts(page) for page in PAGES]
    assert max(map(len, led)) == 1
    assert sum(map(len, led)) > len(PAGES) / 3


def test_greetings_and_farewells_belong_to_no_story() -> None:
    said = [page.text[span.start : span.end] for page in PAGES for span in page.residue]
    assert any("Good evening" in text for text in said)
    assert any("Good night" in text for text in said)
    assert not any(
        "Good night." in page.text[s.start : s.end] for page in PAGES for s in page.stories
    )
