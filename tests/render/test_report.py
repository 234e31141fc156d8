"""The report: the page's text whole, nothing in it that acts, and every label where it belongs."""

from __future__ import annotations

import hashlib
import io
import re
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plain import pictured
from pipeline.records import Document, Prediction
from pipeline.render.report import HtmlWriter
from tests.documents import Case, cases
from tests.render.pages import hostile, newspaper, story
from tests.render.parsed import Report, written

# All that the templates use.
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "p", "mark", "a", "main",
    "section", "h2", "span", "bdi", "b", "svg", "rect", "nav", "ol", "li", "article", "h3", "div",
    "sup", "br", "dl", "dt", "dd", "strong", "footer",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "viewbox", "x",
    "preserveaspectratio", "width", "height", "aria-hidden", "aria-label", "aria-labelledby",
    "title", "dir",
}  # fmt: skip
BLANK = Case("", Document("empty.txt", (), (), 0.0))


@given(st.lists(cases(), max_size=2), st.booleans())
def test_law_the_text_is_there_exactly_and_in_order(items: list[Case], labels: bool) -> None:
    report = Report(written(items, labels))
    assert report.page == "".join(pictured(item.text) for item in items)


@given(st.lists(cases(), max_size=2), st.booleans())
def test_law_a_page_brings_no_element_attribute_or_link(items: list[Case], labels: bool) -> None:
    report = Report(written(items, labels))
    assert {element.tag for element in report.elements} <= ELEMENTS
    assert {name for element in report.elements for name in element.attributes} <= ATTRIBUTES
    ids = report.having("id")
    assert len(set(ids)) == len(ids)
    assert {link.removeprefix("#") for link in report.having("href")} <= set(ids)
    assert all(link.startswith("#") for link in report.having("href"))
    assert report.count("article") == sum(len(item.document.stories) for item in items)


@given(cases(sources=st.just("a.txt")))
def test_law_a_document_is_out_as_soon_as_it_is_added(item: Case) -> None:
    out = io.StringIO(newline="")
    HtmlWriter(out).add(item.document, item.text)
    assert out.getvalue().endswith("</section>\n")


def test_a_page_of_markup_is_text() -> None:
    case = hostile()
    html = written([case, newspaper()])
    report = Report(html)
    assert report.page.startswith("\r\n<script>alert('headline')</script>\r\n")
    assert "49" not in report.page and "{{ 7 * 7 }}" in report.page
    assert "\u2400\u241b[31m\ufffd\u240c\u2421" in report.page  # control characters, as signs
    assert not re.search("<script|<img|<b |<!--|\r", html)
    assert report.count("style") == 1
    assert "&lt;/main&gt;&#13;<br>{{ 7" in html  # a line end of its own


@pytest.mark.parametrize("labels", [True, False])
def test_the_file_loads_nothing_and_runs_nothing(labels: bool) -> None:
    report = Report(written([newspaper()], labels))
    digest = b64encode(hashlib.sha256(report.style.encode()).digest()).decode()
    (policy,) = [
        element.attributes["content"]
        for element in report.elements
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|@font-face|http", report.style)
    assert "style" not in {name for element in report.elements for name in element.attributes}


def test_headings_name_the_report_its_texts_and_their_stories_in_order() -> None:
    one = Report(written([newspaper()]))
    assert one.headings[:3] == [
        ("h1", "Broadsheet"),
        ("h2", "examples/page.txt"),
        ("h3", "Story 1 article"),
    ]
    assert {"main", "nav", "header", "footer"} <= {element.tag for element in one.elements}
    assert "index" not in one.having("id")
    two = Report(written([newspaper(), BLANK]))
    levels = [level for level, _ in two.headings]
    assert levels == ["h1", "h2", *["h3"] * 5, "h2", "h2"]
    assert two.headings[-2:] == [("h2", "2 empty.txt"), ("h2", "All texts")]


def test_each_label_stands_beside_its_story() -> None:
    html = written([newspaper()])
    first, second, third, fourth, _ = re.findall("<article.*?</article>", html, re.DOTALL)
    for words in ("weather", "0.78", "politics and government", "Malaysia", "· 4 mentions", "MY"):
        assert words in first
    assert "South-eastern Asia" in first and "Truncated" not in first and "boundary 1.00" in first
    assert "from line 2, offsets 40–1663" in first
    assert "Truncated:" in second and '<a href="#d1s4">story 4</a>' in second
    assert "Uncertain:" in third and "none named" in third and "Regions" not in third
    assert "Same as" not in fourth
    assert 'title="Malaysia, Thailand">Malay Peninsula<sup>' in first
    assert "<b>5 stories</b>, 3 spans of residue." in html and "single story: <b>0.00</b>" in html
    assert 'class="c3"' in html and html.count('<span class="role">residue</span>') == 3


def test_a_cut_shows_boundaries_and_no_labels() -> None:
    html = written([newspaper()], labels=False)
    assert "boundary 0.98" in html and "Truncated:" in html and "story 4" in html
    for words in ("weather", "Countries", "Uncertain", "Marked words"):
        assert words not in html


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "The text is blank."), (" \r\n", "The text is blank."), ("Menu", "No story was found")],
)
def test_a_document_without_stories_says_so(text: str, said: str) -> None:
    html = written([Case(text, Document("a.txt", (), (), 0.0))])
    assert said in html and "0 stories" in html
    assert Report(html).page == text


def test_no_document_at_all() -> None:
    html = written([])
    assert "No text was read." in html and Report(html).count("section") == 0


def test_ten_thousand_lines() -> None:
    lines = [f"Story {i} of rain" for i in range(10_000)]
    text = "\n".join(lines)
    stories: list[Prediction] = []
    for i, line in enumerate(lines):
        after = stories[-1].end if stories else 0
        rain = {("FR", "France"): ["rain"]}
        stories.append(story(text, i, [("headline", line)], rain, after))
    html = written([Case(text, Document("a.txt", tuple(stories), (), 0.0))])
    told = re.findall(r'dir="auto">(Story \d+ of )<mark title="France">(rain)<sup>', html)
    assert ["".join(line) for line in told] == lines
    assert html.count("<article") == html.count("<li") == 10_000


def test_golden_story() -> None:
    text = "RAIN: Lille floods"
    only = story(
        text,
        0,
        [("kicker", "RAIN"), ("headline", "Lille floods")],
        {("FR", "France"): ["Lille"]},
        headline="Lille floods",
        kicker="RAIN",
        regions=(),
    )
    html = written([Case(text, Document("a.txt", (only,), (), 1.0))])
    (shown,) = re.findall("<article.*?</dl>", html, re.DOTALL)
    assert shown == GOLDEN


GOLDEN = """\
<article class="story c1" id="d1s1" aria-labelledby="d1s1-name">
<div class="heading"><h3 id="d1s1-name"><span class="no">Story 1</span> teaser</h3>
<p class="cut">from line 1, offsets 0–18, boundary 0.98</p></div>
<div class="told">
<div class="block kicker"><span class="role">kicker</span><div class="text">
<p class="t" dir="auto">RAIN<span class="gap">: </span></p>
</div></div>
<div class="block headline"><span class="role">headline</span><div class="text">
<p class="t" dir="auto"><mark title="France">Lille<sup><span aria-hidden="true">FR</span><span class="unseen"> France </span></sup></mark> floods</p>
</div></div>

</div>
<dl class="facts">
<div><dt>Topics</dt>
<dd class="scored"><span class="name">weather</span> <span class="score">0.78</span>
<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="1" class="all"/><rect width="78.0" height="1"/></svg>
</dd>
<dd class="scored"><span class="name">politics and government</span> <span class="score">0.31</span>
<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="1" class="all"/><rect width="31.0" height="1"/></svg>
</dd>
</div>
<div><dt>Countries</dt>
<dd class="scored"><span class="name">France <span class="code">FR</span> <span class="note">· 1 mention</span></span> <span class="score">0.90</span>
<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="1" class="all"/><rect width="90.0" height="1"/></svg>
</dd>
</div>
</dl>"""  # noqa: E501
