"""What a reader of HTML finds in a report, by the standard library's parser."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from pipeline.render.report import HtmlWriter
from tests.documents import Case

VOID = {"meta", "br"}


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str | None]


class Report(HTMLParser):
    """Elements in order, and the text of the page: what stands in class ``t`` and not in ``sup``.

    :raises AssertionError: the elements do not nest.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.page = ""
        self.style = ""
        self.headings: list[tuple[str, str]] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs)
        self.elements.append(element)
        if tag in {"h1", "h2", "h3"}:
            self.headings.append((tag, ""))
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        tags = [element.tag for element in self._open]
        told = any("t" in (e.attributes.get("class") or "").split() for e in self._open)
        if told and "sup" not in tags:
            self.page += data
        if "style" in tags:
            self.style += data
        if {"h1", "h2", "h3"} & set(tags):
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def having(self, name: str) -> list[str]:
        """Values of an attribute, in order."""
        return [value or "" for e in self.elements if (value := e.attributes.get(name)) is not None]

    def count(self, tag: str) -> int:
        return sum(element.tag == tag for element in self.elements)


def written(cases: Sequence[Case], labels: bool = True) -> str:
    out = io.StringIO(newline="")
    writer = HtmlWriter(out, labels, len(cases))
    for case in cases:
        writer.add(case.document, case.text)
    writer.close()
    html = out.getvalue()
    html.encode("utf-8")  # whatever a page holds, the output is UTF-8
    return html
