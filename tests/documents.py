"""Documents made by Hypothesis: any text, cut anywhere, with any labels the contract allows."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from hypothesis import strategies as st

from pipeline.records import Country, Document, Part, Prediction, Region, Span, Topic
from pipeline.taxonomy import TOPICS, TopicEntry

ROLES = ("headline", "kicker", "byline", "dateline", "caption", "credit", "subhead", "body")
scores = st.floats(0, 1)
# What means something to HTML, to a template or to a script.
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</p></article></main></style>",
    "<!--", "-->", "]]>", "&amp;", "&#0;", "&", "'", "{{ 7 * 7 }}", "{% raw %}", "javascript:x",
    "\r\n", " ", "Lille",
)  # fmt: skip
texts = st.one_of(
    st.text(
        alphabet=st.one_of(
            st.sampled_from('\r\n\t \x1b\x85\u2028\u202e",;[]{}=\ufeff\0\x7f\x9b'),
            st.characters(),
        ),
        max_size=120,
    ),
    st.lists(st.sampled_from(HOSTILE), max_size=12).map("".join),
)
OWN = TopicEntry("sci/tech", "https://example.org/7", 'Science, technology; "new" media')
topics = st.builds(
    lambda entry, score: Topic(entry.id, entry.name, score), st.sampled_from([*TOPICS, OWN]), scores
)


class Case(NamedTuple):
    """A document and the text it was cut from."""

    text: str
    document: Document


@st.composite
def cases(draw: st.DrawFn, sources: st.SearchStrategy[str] = texts) -> Case:
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = [Span(a, b) for a, b in itertools.pairwise(cuts)]
    stories: list[Prediction] = []
    residue: list[Span] = []
    for span in spans:
        if draw(st.integers(0, 3)) == 0:
            residue.append(span)
        else:
            stories.append(draw(predictions(len(stories), span, text)))
    return Case(text, Document(draw(sources), tuple(stories), tuple(residue), draw(scores)))


@st.composite
def predictions(draw: st.DrawFn, index: int, span: Span, text: str) -> Prediction:
    inside = st.integers(span.start, span.end)
    inner = st.tuples(inside, inside).map(sorted)
    cuts = sorted(draw(st.sets(inside, max_size=6)))
    parts = [(a, b, draw(st.sampled_from(ROLES))) for a, b in itertools.pairwise(cuts)]
    evidence = st.lists(inner.map(lambda pair: Span(*pair)), max_size=3).map(tuple)
    return Prediction(
        index=index,
        start=span.start,
        end=span.end,
        text=text[span.start : span.end],
        kind=draw(st.sampled_from(["article", "brief", "teaser"])),
        headline=draw(st.none() | texts),
        kicker=draw(st.none() | texts),
        truncated=draw(st.booleans()),
        uncertain=draw(st.booleans()),
        same_as=draw(st.none() | st.integers(0, index)),
        boundary=draw(scores),
        parts=tuple(Part(*part) for part in parts if draw(st.integers(0, 3))),
        topics=tuple(draw(st.lists(topics, min_size=1, max_size=3))),
        countries=tuple(
            Country(code, code, draw(scores), draw(evidence))
            for code in draw(st.lists(st.sampled_from(["FR", "TW", "XK"]), unique=True))
        ),
        regions=tuple(
            Region(code, code, draw(scores))
            for code in draw(st.lists(st.sampled_from(["030", "155"]), unique=True))
        ),
    )
