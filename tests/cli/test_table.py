from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plain import shortened, visible
from pipeline.render.table import TableWriter, line_starts, print_figures
from tests.cli.fake_classifier import FakeClassifier
from tests.documents import Case, cases


def table(text: str, labels: bool = True, terminal: bool = False) -> str:
    out = io.StringIO()
    TableWriter(out, terminal, labels).add(FakeClassifier().document(text, "a.txt"), text)
    return out.getvalue()


def squeezed(lines: list[str]) -> list[str]:
    return [" ".join(line.split()) for line in lines]


def test_a_row_a_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    shown = table("Rain in Lille\r\nMore [bold]rain[/bold] :smile:...\r\n----\r\n")
    lines = squeezed(shown.splitlines())
    del lines[2]  # the rule below the head
    assert lines == [
        "a.txt: 2 stories, 1 span of residue, single story 0.03",
        "line offsets kind story topics where",
        "1 0–13 brief Rain in Lille weather 0.75 FR DE",
        "Western Europe",
        "2 15–48 brief … More [bold]rain[/bold] :smile:... weather 0.75 FR DE",
        "Western Europe",
        "… the text stops before the story does",
    ]


@pytest.mark.parametrize("width", [60, 80, 99, 200])
def test_no_label_is_lost_on_a_narrow_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = table("Rain in Lille and snow in Bonn, as well as hail in other places\n")
    assert max(map(len, shown.splitlines())) <= width
    assert ("offsets" in shown) == (width >= 100)
    words = set(shown.split())
    assert {"1", "brief", "weather", "0.75", "FR", "DE", "Western", "Europe", "places"} <= words


def test_a_cut_shows_boundaries_and_no_labels() -> None:
    shown = table("Rain in Lille\n", labels=False)
    assert "boundary" in shown and "0.50" in shown
    assert "weather" not in shown and "FR" not in shown


@pytest.mark.parametrize("labels", [True, False])
def test_a_story_told_in_full_elsewhere_names_it_by_number_and_line(labels: bool) -> None:
    lines = squeezed(table("----\nSnow in Bonn...\n\nSnow in Bonn and Ulm\n", labels).splitlines())
    number = next(i for i, line in enumerate(lines) if "Snow in Bonn..." in line)
    assert lines[number + 1].startswith("= story 2, line 4")
    assert sum("= story" in line for line in lines) == 1


def test_a_document_without_stories_is_named_all_the_same() -> None:
    assert table(" \n") == "a.txt: 0 stories\n"


def test_colours_only_on_a_terminal() -> None:
    assert "\x1b[" not in table("Rain\n")
    assert "\x1b[" in table("Rain\n", terminal=True)


@given(cases())
def test_law_nothing_in_a_page_acts_on_the_terminal(item: Case) -> None:
    out = io.StringIO()
    TableWriter(out, terminal=False).add(item.document, item.text)
    acting = [c for c in out.getvalue() if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]
    assert not acting and "\u202e" not in out.getvalue()


@given(st.text())
def test_law_visible_text_is_one_line(text: str) -> None:
    assert len(visible(text).splitlines()) <= 1
    assert visible(visible(text)) == visible(text)


def test_a_page_of_one_endless_word_is_shortened() -> None:
    text = "a" * 10_000_000
    assert shortened(text) == "a" * 160 + "…"
    assert len(table(text)) < 2_000


def test_shortened_cuts_at_a_word() -> None:
    assert shortened("one two  three", 9) == "one two…"
    assert shortened(" one\ntwo ", 9) == "one two"


def test_every_kind_of_line_end_counts_once() -> None:
    assert line_starts("a\r\nb\rc\n\nd") == [0, 3, 5, 7, 8]


def test_figures() -> None:
    out = io.StringIO()
    print_figures(out, False, "figures", {"topic/f1_macro": 0.71239, "topic/count": 436.0})
    rows = [line.split() for line in out.getvalue().splitlines()]
    assert ["topic/f1_macro", "0.7124"] in rows and ["topic/count", "436"] in rows
