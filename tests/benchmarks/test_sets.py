from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.scores import masses, score, unit_gaps
from benchmarks.sets import (
    SETS,
    Document,
    Listed,
    check_present,
    choose_sets,
    listed_document,
    load_set,
    sample,
    to_lines,
)
from pipeline.errors import UsageError
from pipeline.evaluate.segmentation import judge_starts
from tests.benchmarks.made import SHIP, VOTE, listed, newspage, write_pages, write_set

SHARED = Path(__file__).parents[3] / "shared"
WIKI = next(spec for spec in SETS if spec.name == "wiki50")
PAGES_DEV = next(spec for spec in SETS if spec.name == "pages_dev")


def document(row: dict[str, Any], subset: str = "") -> Document:
    return listed_document(msgspec.convert(row, Listed), subset)


def line_starts(text: str) -> set[int]:
    return {0, *(i + 1 for i, char in enumerate(text) if char == "\n")}


def test_a_listed_document_has_a_line_a_sentence_and_gold_at_line_starts() -> None:
    made = document(listed())
    assert made.page.text.split("\n") == [SHIP, "The ship sank.", SHIP, VOTE, VOTE, VOTE]
    assert [made.page.text[s.start : s.end] for s in made.page.stories] == [
        "\n".join([SHIP, "The ship sank.", SHIP]),
        "\n".join([VOTE] * 3),
    ]
    assert {s.start for s in made.page.stories} <= line_starts(made.page.text)


def test_residue_is_neutral_and_does_not_end_a_story() -> None:
    made = document(newspage(), "style")
    page = made.page
    assert page.layout == "kicker"
    assert [page.text[s.start : s.end] for s in page.residue] == ["Home", "Advertisement", "More"]
    assert [page.text[s.start : s.end] for s in page.stories] == [
        f"{SHIP}\nAdvertisement\n{SHIP}",
        VOTE,
        SHIP,
    ]
    everywhere = [unit.start for unit in made.units]
    judged = judge_starts(page, everywhere, 3)
    assert len(judged.right) == 2
    assert judged.wrong == (everywhere[3],)  # the second half of the first story
    assert masses(unit_gaps(made, judge_starts(page, everywhere[:1], 3))[0]) == (2, 1, 1)


def test_a_start_inside_a_line_is_that_of_the_line() -> None:
    made = document(listed())
    third = made.units[2].start
    assert to_lines(made, [0, third + 30, third + 5, third - 1]) == [0, third]


@pytest.mark.parametrize("made", [document(listed()), document(newspage())])
def test_gold_against_itself_is_perfect(made: Document) -> None:
    scored = score(made, [story.start for story in made.page.stories])
    assert scored.page.wholly_right
    assert scored.page.counts.f1 == 1.0
    assert (scored.page.pk, scored.page.windowdiff) == (0.0, 0.0)
    assert scored.similarity in (1.0, None)  # none without segeval


def test_boundary_similarity_counts_near_misses_in_part() -> None:
    pytest.importorskip("segeval")
    made = document(listed())
    starts = [unit.start for unit in made.units]
    assert score(made, [0]).similarity == 0.0
    near = score(made, [0, starts[2]]).similarity
    assert near is not None
    assert 0.0 < near < 1.0


def test_a_sample_is_even_and_leaves_out_what_is_too_long(tmp_path: Path) -> None:
    rows = [listed(str(i)) for i in range(6)]
    rows[0]["sentences"] *= 3
    write_set(tmp_path, "wiki50", rows)
    found = load_set(tmp_path, WIKI, 2, 10)
    assert [each.page.id for each in found.documents] == ["1", "3"]
    assert (found.size, found.too_long) == (6, 1)
    assert len(load_set(tmp_path, WIKI, 0, 0).documents) == 6
    assert sample(3, 5) == [0, 1, 2]


def test_pages_are_always_whole(tmp_path: Path) -> None:
    write_pages(tmp_path)
    found = load_set(tmp_path, PAGES_DEV, 1, 1)
    assert [each.page.layout for each in found.documents] == ["two", "single"]
    assert not found.documents[0].listed


def test_what_is_missing_or_unknown_is_one_line(tmp_path: Path) -> None:
    for found in (lambda: check_present(tmp_path, [WIKI]), lambda: choose_sets("wiki5,choi700")):
        with pytest.raises(UsageError, match="wiki5") as error:
            found()
        assert "\n" not in str(error.value)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no labelled sets beside the project")
@pytest.mark.parametrize("spec", SETS, ids=[spec.name for spec in SETS])
def test_gold_of_the_real_sets_is_perfect_against_itself(spec: Any) -> None:
    for each in load_set(SHARED, spec, 10, 400).documents[:20]:
        starts = [story.start for story in each.page.stories]
        assert score(each, starts).page.wholly_right
        if each.listed:
            assert set(starts) <= line_starts(each.page.text)
            assert not any(each.page.text[start].isspace() for start in starts)
