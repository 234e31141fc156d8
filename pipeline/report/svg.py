"""Matplotlib's drawings as SVG that stands inside a page and follows its colours and its font.

Matplotlib writes ``style`` attributes and fixed colours. The page's policy forbids the first, and
light or dark decides the second, so styles become attributes and the colours of :data:`INKS`
variables of the style sheet. Text stays text.
"""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

# Drawn in these colours, which stand for nothing but the variables.
INKS = {
    "#000001": "var(--ink)",
    "#000002": "var(--muted)",
    "#000003": "var(--rule)",
    "#000004": "var(--paper)",
    "#000011": "var(--h1)",
    "#000012": "var(--h2)",
    "#000013": "var(--h3)",
}
INK, MUTED, RULE, PAPER, BLUE, ORANGE, GREEN = INKS
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_DROPPED = {f"{_SVG}metadata", f"{_SVG}style"}
_SIZE = re.compile(r"([\d.]+)px")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def to_svg(figure: Any, name: str, says: str) -> str:
    """Write a figure as an ``svg`` element that says what it shows.

    :param figure: a matplotlib ``Figure``, its size in points 72 to the inch.
    :param name: of this figure alone in its page; ids begin with it.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
    root = ElementTree.fromstring(buffer.getvalue())  # matplotlib's own output
    used = {found for element in root.iter() for found in _references(element)}
    for element in list(root.iter()):
        _tidy(element, used, name)
    width, height = (round(float(size)) for size in root.get("viewBox", "").split()[2:])
    root.attrib.clear()
    root.attrib.update(
        {
            "class": "chart",
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
            "role": "img",
            "aria-label": says,
        }
    )
    return ElementTree.tostring(root, encoding="unicode")


def _references(element: ElementTree.Element) -> list[str]:
    found = [_HREF in element.attrib and element.attrib[_HREF].removeprefix("#")]
    found += [match for value in element.attrib.values() for match in _REFERENCE.findall(value)]
    return [each for each in found if each]


def _tidy(element: ElementTree.Element, used: set[str], name: str) -> None:
    """Bring one element into the form above; its children follow by themselves."""
    for child in list(element):
        if child.tag in _DROPPED:
            element.remove(child)
    element.tag = element.tag.removeprefix(_SVG)
    attributes = dict(element.attrib)
    element.attrib.clear()
    for key, value in attributes.items():
        if key == "style":
            element.attrib.update(_presentation(value))
        elif key == _HREF:
            element.set("href", f"#{name}-{value.removeprefix('#')}")
        elif key == "id" and value in used:
            element.set("id", f"{name}-{value}")
        elif key != "id":
            element.set(key, value)
    for key, value in element.attrib.items():
        element.set(key, INKS.get(value, _REFERENCE.sub(rf"url(#{name}-\1)", value)))
    element.text, element.tail = _trimmed(element.text), _trimmed(element.tail)


def _presentation(style: str) -> dict[str, str]:
    """Turn ``fill: #000011; font: 12px 'DejaVu Sans'`` into attributes; of a font only its size."""
    found = {}
    for declaration in filter(None, map(str.strip, style.split(";"))):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key in ("font", "font-size"):
            found["font-size"] = _SIZE.findall(value)[0]
        elif key != "font-family":
            found[key] = value
    return found


def _trimmed(text: str | None) -> str | None:
    return text if text and text.strip() else None
