"""Pages with all that a report has to show, made by hand."""

from __future__ import annotations

from pathlib import Path

from pipeline.records import Country, Document, Part, Prediction, Region, Span, Topic
from tests.documents import Case

ROOT = Path(__file__).parents[2]
WEATHER = Topic("medtop:17000000", "weather", 0.78)
POLITICS = Topic("medtop:11000000", "politics and government", 0.31)


def story(
    text: str,
    index: int,
    parts: list[tuple[str, str]],
    countries: dict[tuple[str, str], list[str]],
    after: int = 0,
    **fields: object,
) -> Prediction:
    """Build a story of ``parts`` (role, text), which stand on the page in this order."""
    at = after
    spans = []
    for role, words in parts:
        start = text.index(words, at)
        spans.append(Part(start, at := start + len(words), role))
    start, end = spans[0].start, spans[-1].end
    found = tuple(
        Country(code, name, 0.9, tuple(span(text, word, start) for word in words))
        for (code, name), words in countries.items()
    )
    plain = {
        "kind": "teaser", "headline": None, "kicker": None, "truncated": False, "same_as": None,
        "boundary": 0.98, "topics": (WEATHER, POLITICS),
        "regions": (Region("035", "South-eastern Asia", 0.93),),
    }  # fmt: skip
    return Prediction(
        index=index, start=start, end=end, text=text[start:end], parts=tuple(spans),
        countries=found, **{**plain, **fields},
    )  # fmt: skip


def span(text: str, words: str, after: int = 0) -> Span:
    start = text.index(words, after)
    return Span(start, start + len(words))


def newspaper() -> Case:
    """The page in ``examples/``: every role, overlapping evidence, all notes."""
    text = (ROOT / "examples" / "page.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    malaysia, thailand = ("MY", "Malaysia"), ("TH", "Thailand")
    stories = (
        story(
            text,
            0,
            [("headline", lines[1]), ("byline", lines[2])]
            + [("body", lines[3]), ("caption", lines[4][:67]), ("credit", lines[4][68:])]
            + [("body", line) for line in lines[5:10]],
            {
                malaysia: ["Kelantan", "north-east", "Malay Peninsula", "Peninsula and refused"],
                thailand: ["Hat Yai", "Malay Peninsula", "Thai side"],
            },
            kind="article",
            headline=lines[1],
            boundary=1.0,
        ),
        story(
            text,
            1,
            [("kicker", "FRONTIER"), ("subhead", lines[11][10:93]), ("body", lines[11][94:])],
            {("RU", "Russia"): ["Russian"], ("EE", "Estonia"): ["Narva", "Estonian"]},
            kicker="FRONTIER",
            truncated=True,
            same_as=3,
        ),
        story(
            text, 2, [("dateline", lines[12][:9]), ("body", lines[12][11:])], {}, uncertain=True,
            regions=(),
        ),
        story(text, 3, [("headline", lines[13][:25]), ("body", lines[13][26:])], {}, kind="brief"),
        story(text, 4, [("headline", lines[14]), ("body", lines[15])], {}, kind="brief"),
    )  # fmt: skip
    residue = tuple(span(text, lines[i]) for i in (0, 10, 16))
    return Case(text, Document("examples/page.txt", stories, residue, 0.0004))


def hostile() -> Case:
    """Markup, line ends of all kinds, control characters, text from right to left."""
    text = (
        "\r\n<script>alert('headline')</script>\r\n"
        'Tea & "cake" </p></article></main>\r{{ 7 * 7 }} <!-- \0\x1b[31m\x85\f\x7f\n'
        "</style><style>body{display:none}</style>\r\n\r\n"
        "القاهرة في مصر: أمطار <img src=x onerror=alert(1)> \u202e gnp.exe\n"
        "\t" + "endless" * 200 + "\u2028&#60;script&#62;\ud800\r"
    )
    lines = text.split("\n")
    stories = (
        story(
            text,
            0,
            [("headline", lines[1][:-1]), ("body", lines[2])],
            {("GB", '<b onclick="alert(1)">Tea'): ["<script>", "cake", 'cake"']},
            headline=lines[1],
            kicker="<script>",
        ),
        story(text, 1, [("body", lines[5]), ("body", lines[6][1:])], {("EG", "Egypt"): ["مصر"]}),
    )
    residue = (span(text, lines[3][:-1]),)
    return Case(text, Document('"><script>alert(1)</script>.txt', stories, residue, 0.5))
