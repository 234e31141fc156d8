"""The report in Chromium: wide and narrow, light and dark, on paper; no violation, no request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.plain import pictured
from tests.browser.pictures import keep_picture
from tests.browser.tabs import NARROW, VIEWS, WIDE, Shown
from tests.documents import Case
from tests.render.pages import hostile, newspaper
from tests.render.parsed import written

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
Open = Callable[..., Shown]

PAGE_TEXT = """() => [...document.querySelectorAll(".t")].map(element => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("sup").forEach(code => code.remove());
  return copy.textContent;
}).join("")"""
BORDERS = """() => [...document.querySelectorAll(".story")].map(
  story => getComputedStyle(story).borderLeft
)"""


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Write a report of pages to a file and open that."""
    tabs: list[Page] = []

    def _show(*cases: Case, **view: Any) -> Shown:
        path = tmp_path / "report.html"
        path.write_bytes(written(cases).encode("utf-8"))
        tabs.append(browser.new_page(**view))
        shown = Shown(tabs[-1])
        shown.page.goto(path.as_uri())
        return shown

    yield _show
    for tab in tabs:
        tab.close()


@VIEWS
@pytest.mark.parametrize(
    "cases", [[newspaper()], [newspaper(), hostile()]], ids=["one text", "two texts"]
)
def test_nothing_is_violated_asked_for_or_cut_off(
    show: Open, view: dict[str, Any], cases: list[Case]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    shown = show(*cases, **view)
    keep_picture(shown.page, "classify", view, str(len(cases)))
    assert shown.page.evaluate("document.documentElement.scrollWidth") == view["viewport"]["width"]
    found = axe.Axe().run(shown.page)
    assert found.violations_count == 0, found.generate_report()
    assert not [rule["id"] for rule in found.response["incomplete"]]
    assert shown.requests == [shown.page.url]
    assert shown.said == []


@VIEWS
def test_the_browser_reads_every_character(show: Open, view: dict[str, Any]) -> None:
    cases = [newspaper(), hostile()]
    shown = show(*cases, **view)
    assert shown.page.evaluate(PAGE_TEXT) == "".join(pictured(case.text) for case in cases)
    for injected in ("script", "img", "article b", "[onclick]", "[onerror]"):
        assert shown.page.locator(injected).count() == 0
    assert shown.page.locator("style").count() == 1
    assert shown.page.locator("article").count() == 7


def test_labels_stand_beside_the_text_where_there_is_room_and_below_it_elsewhere(
    show: Open,
) -> None:
    wide = show(newspaper(), viewport=WIDE)
    told, facts = wide.box(".told"), wide.box(".facts")
    assert facts["x"] >= told["x"] + told["width"] and facts["y"] < told["y"] + 40
    narrow = show(newspaper(), viewport=NARROW)
    told, facts = narrow.box(".told"), narrow.box(".facts")
    assert facts["y"] >= told["y"] + told["height"] and facts["x"] < told["x"] + 40


def test_the_colours_follow_the_reader(show: Open) -> None:
    grounds = {
        scheme: show(newspaper(), color_scheme=scheme).page.evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    }
    assert grounds == {"light": "rgb(251, 250, 246)", "dark": "rgb(22, 21, 19)"}


def test_links_lead_to_stories_by_keyboard(show: Open) -> None:
    page = show(newspaper(), viewport=NARROW).page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#d1s2")
    top = page.locator("#d1s2").bounding_box()
    assert top is not None and 0 <= top["y"] < 100
    page.get_by_role("link", name="story 4", exact=True).click()
    assert page.url.endswith("#d1s4")


def test_a_screen_reader_hears_parts_and_countries(show: Open) -> None:
    heard = show(newspaper()).page.locator("main").aria_snapshot()
    for words in ("text: headline", "text: residue", "superscript: Malaysia Thailand\n"):
        assert words in heard
    assert "MY" not in heard.partition("article")[2].replace("Malaysia MY", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_the_colours_are_borders_on_white(show: Open, scheme: str) -> None:
    page = show(newspaper(), color_scheme=scheme).page
    page.emulate_media(media="print", color_scheme=scheme)
    borders = page.evaluate(BORDERS)
    assert borders[0].endswith("solid rgb(11, 92, 158)") and len(set(borders)) == 5
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 27, 24)"
    for selector in ("body", ".story"):
        ground = page.locator(selector).first.evaluate("e => getComputedStyle(e).backgroundColor")
        assert ground == "rgba(0, 0, 0, 0)"
    kept = page.locator(".story").first.evaluate("e => getComputedStyle(e).breakInside")
    assert kept == "avoid"
    assert page.pdf(format="A4").startswith(b"%PDF")
