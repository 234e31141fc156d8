from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading import plain_sample
from pipeline.records import Part, Story
from pipeline.segment.links import COMMON, CONTAINED, SHINGLE, find_links, with_links

STORM = (
    "Gales closed the port of Lerwick on Monday and ferries stayed in harbour as waves broke over "
    "the quay, the coastguard said. Two trawlers were towed in before noon. Schools reopen Tuesday."
)
VOTE = (
    "Lawmakers in Suva passed the budget by three votes after a night of debate, and the finance "
    "minister promised to publish the figures by the end of the week."
)


def alone(*bodies: str) -> list[int | None]:
    return find_links(bodies, [None] * len(bodies))


@pytest.mark.parametrize("end", ["", " ...", "…", " [more]"])
def test_a_truncated_teaser_is_told_by_its_story_before_or_behind_it(end: str) -> None:
    teaser = STORM[:75] + end
    assert alone(STORM, VOTE, teaser) == [None, None, 0]
    assert alone(teaser, VOTE, STORM) == [2, None, None]


def test_case_punctuation_and_line_ends_do_not_matter() -> None:
    other = STORM.upper().replace(" ", "\n").replace(",", " –")
    assert alone(other[:-20], STORM) == [1, None]


def test_stories_of_one_subject_are_not_one() -> None:
    later = (
        "Gales eased in Lerwick on Tuesday and the first ferries sailed for Aberdeen, two days "
        "after the port was closed. The coastguard said that no one had been hurt."
    )
    assert alone(STORM, later, VOTE) == [None] * 3


def test_a_stock_phrase_links_nothing() -> None:
    assert alone("The minister said on Monday.", f"{VOTE} The minister said on Monday.") == [
        None, None
    ]  # fmt: skip
    assert alone("More soon.", f"{VOTE} More soon.", "", "") == [None] * 4


def test_two_alike_are_one_and_the_first_is_it() -> None:
    assert alone(VOTE, STORM, STORM) == [None, None, 1]


def test_a_chain_leads_to_its_end() -> None:
    told, new = [f"told{n}" for n in range(40)], [f"new{n}" for n in range(14)]
    full, middle, short = (" ".join(words) for words in (told, told[22:] + new, told[36:] + new))
    assert alone(short, full) == [None, None]
    assert alone(short, middle, full) == [2, 2, None]


def test_one_headline_and_the_same_words_in_another_order_are_one_story() -> None:
    headline = "Port of Lerwick closed by gales"
    rewritten = "Ferries stayed in Lerwick harbour: gales closed the port, the coastguard said"
    assert find_links([STORM, rewritten], [headline, f"{headline}!"]) == [None, 0]
    assert find_links([STORM, rewritten], [headline, "Ferries stay in"]) == [None, None]
    assert find_links([STORM, rewritten], [None, None]) == [None, None]
    assert find_links([STORM, VOTE], [headline, headline]) == [None, None]
    assert find_links([STORM, rewritten], ["In brief", "In brief"]) == [None, None]


def test_a_headline_alone_is_linked_to_the_story_below_it() -> None:
    assert find_links(["", STORM], ["Port of Lerwick closed by gales"] * 2) == [1, None]
    assert find_links(["", VOTE, STORM], ["Budget passed", None, "Budget passed"]) == [None] * 3


WORDS = st.lists(
    st.sampled_from(["rain", "snow", "hail", "gale", "fog", "sun", "in", "on", "at"]), max_size=14
)
HEADLINES = st.sampled_from([None, "rain in town", "snow on hills today", "fog"])


@given(st.lists(st.tuples(WORDS.map(" ".join), HEADLINES), max_size=7))
def test_law_links_lead_to_a_fuller_story_that_has_none(told: list[tuple[str, str | None]]) -> None:
    bodies, headlines = [body for body, _ in told], [headline for _, headline in told]
    links = find_links(bodies, headlines)
    sizes = [len(f"{body} {headline or ''}".split()) for body, headline in told]
    assert len(links) == len(told)
    for i, j in enumerate(links):
        if j is not None:
            assert links[j] is None
            assert (sizes[j], -j) > (sizes[i], -i)


def grams(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


@given(st.lists(WORDS.map(" ".join), max_size=7))
def test_law_without_headlines_the_index_finds_what_comparing_all_pairs_finds(
    bodies: list[str],
) -> None:
    def told_in(i: int, j: int) -> bool:
        fuller = (len(bodies[j].split()), -j) > (len(bodies[i].split()), -i)
        common = len(grams(bodies[i]) & grams(bodies[j]))
        return fuller and common >= max(COMMON, CONTAINED * len(grams(bodies[i])))

    every = range(len(bodies))
    expected = [any(told_in(i, j) for j in every) for i in every]
    assert [link is not None for link in alone(*bodies)] == expected


def test_headline_and_body_are_taken_from_the_parts() -> None:
    full = plain_sample((STORM,), "Port of Lerwick closed by gales")
    text = f"WEATHER: {STORM[:60]}...\n{full.text}"
    start = text.index("\n") + 1
    teaser = Story(0, start - 1, "teaser", True, (Part(0, 7, "kicker"), Part(9, start - 1, "body")))
    parts = tuple(Part(p.start + start, p.end + start, p.role) for p in full.story.parts)
    article = Story(start, len(text), "article", False, parts)
    caption = Story(0, start - 1, "teaser", True, (Part(0, start - 1, "caption"),))
    for first in (teaser, caption):
        linked = with_links(text, [first, article])
        assert [story.same_as for story in linked] == [1, None]
        assert linked[1] == article
    assert with_links(text, [teaser])[0].same_as is None
    assert with_links(text, []) == ()


@pytest.mark.parametrize("alike", [False, True], ids=["stock phrases", "all alike"])
def test_five_thousand_briefs_take_no_time_in_square(alike: bool) -> None:
    stock = "police said on Monday that the case was under investigation by the regional office"
    briefs = [
        stock if alike else f"{stock} {' '.join(f'w{n}x{i}' for i in range(30))} {stock}"
        for n in range(2500)
    ]
    teasers = [" ".join(brief.split()[-34:-16]) for brief in briefs]
    begun = time.perf_counter()
    links = find_links(briefs + teasers, ["Police seek three men"] * 5000)
    assert time.perf_counter() - begun < 10
    if not alike:
        assert links == [*[None] * 2500, *range(2500)]
    else:
        assert links[:2500] == [None, *[0] * 2499]
