from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import tools
from benchmarks.encoding import SharedEncoder
from benchmarks.pieces import cut_before, lines, sentences, starts_of, units
from benchmarks.roster import (
    METHODS,
    OUR_SECTIONS,
    OURS,
    Bench,
    Built,
    Method,
    build,
    choose,
)
from benchmarks.sets import page_document
from benchmarks.utiyama import content_words, segment
from pipeline.errors import UsageError
from pipeline.records import Page, Story
from tests.benchmarks.made import SHIP, TWO_STORIES, VOTE
from tests.encoders import HashedEncoder

IMPORTS = {
    "nltk": "nltk",
    "ruptures": "ruptures",
    "langchain-experimental": "langchain_experimental",
    "chonkie": "chonkie",
    "llama-index-core": "llama_index.core",
}
SHIFT = TWO_STORIES.index(VOTE)
OWN = (OURS, OUR_SECTIONS)
OTHERS = [method for method in METHODS if method.name not in OWN]
TEXTS = (TWO_STORIES, f"\n {TWO_STORIES}\n\n", SHIP, "A line.\nAnother", "Word")


def bench(tmp_path: Path) -> Bench:
    stories = (
        Story(0, SHIFT - 1, "article", False, ()),
        Story(SHIFT, len(TWO_STORIES), "article", False, ()),
    )
    page = page_document(Page("p", "", TWO_STORIES, stories, ()))
    return Bench(SharedEncoder(HashedEncoder(), squeeze=True), tmp_path, lambda: [page])


@pytest.mark.parametrize("method", OTHERS, ids=[method.name for method in OTHERS])
def test_every_tool_gives_starts_in_order_the_first_character_first(
    method: Method, tmp_path: Path
) -> None:
    if method.package:
        pytest.importorskip(IMPORTS[method.package])
    built = build(method, bench(tmp_path))
    assert isinstance(built, Built)
    check_starts(built)


@pytest.mark.models
def test_so_do_sections_which_leave_nothing_out(tmp_path: Path) -> None:
    [method] = choose(OUR_SECTIONS)
    models = Path(__file__).parents[2] / "models"
    built = build(method, bench(tmp_path)._replace(models=models))
    assert isinstance(built, Built)
    check_starts(built)


@pytest.mark.parametrize("name", OWN)
def test_without_models_the_project_is_not_run(name: str, tmp_path: Path) -> None:
    [method] = choose(name)
    said = build(method, bench(tmp_path))
    assert isinstance(said, str)
    assert "make repro" in said


def check_starts(built: Built) -> None:
    for text in TEXTS:
        starts = built.cut(text)
        assert starts == sorted(set(starts))
        assert starts[0] == len(text) - len(text.lstrip())
        assert all(not text[start].isspace() for start in starts)


@pytest.mark.parametrize("name", ["u00-lines", "ruptures-lines"])
def test_an_obvious_shift_is_found(name: str, tmp_path: Path) -> None:
    [method] = choose(name)
    pytest.importorskip(IMPORTS[method.package])
    built = build(method, bench(tmp_path))
    assert isinstance(built, Built)
    assert SHIFT in built.cut(TWO_STORIES)


def test_u00_cuts_where_the_words_change() -> None:
    words = [content_words(line) for line in TWO_STORIES.split("\n")]
    assert segment(words) == [0, 6]
    assert segment(words[:6]) == [0]
    assert segment([]) == []
    assert segment([[], []]) == [0]


def test_without_line_breaks_a_tool_sees_one_line() -> None:
    chonkie = pytest.importorskip("chonkie")
    assert chonkie
    broken, flat = TWO_STORIES, TWO_STORIES.replace("\n", " ")
    cut = tools.chonkie(HashedEncoder(), keep_lines=False)
    assert cut(broken) == cut(flat)


def test_pieces_lead_back_to_where_they_came_from() -> None:
    text = f"  {TWO_STORIES} \n\n{VOTE}"
    for split in (sentences, units, lines):
        spans = split(text)
        starts = [start for start, _ in spans]
        assert starts_of(text, [text[a:b] for a, b in spans]) == starts
        assert "".join(cut_before(text, spans)) == text
    with pytest.raises(ValueError, match="characters"):
        starts_of(text, [text[:20]])


def test_a_line_break_ends_a_unit_but_not_a_sentence() -> None:
    text = "The ship\nsailed. Then it sank."
    assert [start for start, _ in sentences(text)] == [0, 17]
    assert [start for start, _ in units(text)] == [0, 9, 17]
    assert [start for start, _ in lines(text)] == [0, 9]


def test_what_is_missing_is_noted(tmp_path: Path) -> None:
    def fails(bench: Bench) -> Built:
        raise ImportError("no such library")

    absent = Method("x", "X", "", "broadsheet-no-such-tool", fails)
    assert build(absent, bench(tmp_path)) == "not run: broadsheet-no-such-tool is not installed"
    broken = absent._replace(package="nltk")
    assert "no such library" in str(build(broken, bench(tmp_path)))
    [ours] = choose(OURS)
    assert "make repro" in str(build(ours, bench(tmp_path)))


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(UsageError, match="no method wtpsplit"):
        choose("u00, wtpsplit")


def test_each_method_is_charged_for_its_own_texts() -> None:
    inner = HashedEncoder()
    encoder = SharedEncoder(inner, squeeze=True)
    encoder.encode(["The sea.\nThe ship."])
    first = encoder.charged
    encoder.open_account()
    encoder.encode(["The sea. The ship.", "The sea.  The ship."])
    assert inner.seen == ["The sea. The ship."]
    assert encoder.charged == first > 0.0
