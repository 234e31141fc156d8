"""The report of a run in Chromium: wide and narrow, light and dark, on paper; nothing asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.report.__main__ import main
from pipeline.store.layout import REPORT
from tests.browser.pictures import keep_picture
from tests.browser.tabs import NARROW, VIEWS, WIDE, Shown
from tests.report.press import print_project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
Open = Callable[..., Shown]

UNFOLD = "() => document.querySelectorAll('details').forEach(each => each.open = true)"
INKS = """() => [...document.querySelectorAll("svg.chart")].map(chart => ({
  text: [...new Set([...chart.querySelectorAll("text")].map(t => getComputedStyle(t).fill))],
  size: Math.min(...[...chart.querySelectorAll("text")].map(
    t => parseFloat(getComputedStyle(t).fontSize) * chart.getScreenCTM().a
  )),
  font: getComputedStyle(chart.querySelector("text")).fontFamily,
}))"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the project that tries to break it."""
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        print_project(patch)
        main()
    return folder / REPORT


@pytest.fixture
def show(browser: Browser, report: Path) -> Iterator[Open]:
    tabs: list[Page] = []

    def _show(**view: Any) -> Shown:
        tabs.append(browser.new_page(**view))
        shown = Shown(tabs[-1])
        shown.page.goto(report.as_uri())
        return shown

    yield _show
    for tab in tabs:
        tab.close()


def doubtful(page: Page, incomplete: list[dict[str, Any]]) -> list[str]:
    """What axe is in doubt about, but for the ground of text on a chart or cut by a scroller.

    That text has the colours whose contrast is measured elsewhere.
    """
    nodes = [(rule["id"], node) for rule in incomplete for node in rule["nodes"]]
    return [
        f"{rule}: {node['html']}"
        for rule, node in nodes
        if rule != "color-contrast"
        or not page.locator(node["target"][0]).first.evaluate(
            "element => element.closest('svg.chart, .scroll') !== null"
        )
    ]


@VIEWS
@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
def test_nothing_is_violated_asked_for_or_cut_off(
    show: Open, view: dict[str, Any], unfolded: bool
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    shown = show(**view)
    if unfolded:
        shown.page.evaluate(UNFOLD)
    keep_picture(shown.page, "report", view, "unfolded" if unfolded else "folded")
    assert shown.page.evaluate("document.documentElement.scrollWidth") == view["viewport"]["width"]
    found = axe.Axe().run(shown.page)
    assert found.violations_count == 0, found.generate_report()
    assert not doubtful(shown.page, found.response["incomplete"])
    assert shown.requests == [shown.page.url]
    assert shown.said == []


@VIEWS
def test_what_others_wrote_does_nothing(show: Open, view: dict[str, Any]) -> None:
    page = show(**view).page
    for injected in ("script", "img", "i", "[onerror]", "[style]"):
        assert page.locator(injected).count() == 0
    assert page.locator(".headline", has_text="<script>alert('headline')</script>").count() > 0


@VIEWS
def test_charts_are_legible_and_follow_the_reader(show: Open, view: dict[str, Any]) -> None:
    charts = show(**view).page.evaluate(INKS)
    inks = {
        "light": {"rgb(29, 27, 24)", "rgb(88, 85, 80)"},
        "dark": {"rgb(235, 231, 223)", "rgb(176, 170, 160)"},
    }
    assert len(charts) == 9
    for chart in charts:
        assert set(chart["text"]) <= inks[view["color_scheme"]]
        assert chart["size"] >= 11
        assert chart["font"].startswith("system-ui")


def test_the_title_of_a_chapter_stands_beside_it_where_there_is_room(show: Open) -> None:
    wide, narrow = show(viewport=WIDE), show(viewport=NARROW)
    title, matter = (wide.box(f"#topics {part}") for part in ("h2", ".matter"))
    assert matter["x"] > title["x"] + title["width"]
    title, matter = (narrow.box(f"#topics {part}") for part in ("h2", ".matter"))
    assert matter["y"] > title["y"] and abs(matter["x"] - title["x"]) < 1


def test_the_contents_and_the_numbers_are_reached_by_keyboard(show: Open) -> None:
    page = show(viewport=NARROW).page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#segmentation")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#segmentation details[open] table").is_visible()


def test_a_wide_table_scrolls_by_keyboard(show: Open) -> None:
    page = show(viewport=NARROW).page
    region = page.get_by_role("region", name="Main topic, gold against predicted")
    region.focus()
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("e => e.scrollLeft > 0", arg=region.element_handle())


def test_a_screen_reader_hears_what_a_chart_shows(show: Open) -> None:
    page = show().page
    for words in ("calibration curve over", "Precision of the boundaries", "median"):
        assert page.locator("svg.chart").and_(page.get_by_role("img", name=words)).count() >= 1
    assert page.get_by_role("table", name="Cost by stage").count() == 1
    assert page.get_by_role("rowheader", name="segment", exact=True).count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_it_is_ink_on_white_in_one_column(show: Open, scheme: str) -> None:
    page = show(color_scheme=scheme).page
    page.emulate_media(media="print", color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 27, 24)"
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgba(0, 0, 0, 0)"
    assert not page.locator("nav").is_visible()
    assert not page.locator("details").first.is_visible()
    assert page.locator(".chapter > header").first.evaluate(
        "e => getComputedStyle(e).position"
    ) == ("static")
    assert page.pdf(format="A4").startswith(b"%PDF")
