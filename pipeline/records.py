"""The nouns of the project: what is read, mixed, cut and labelled. No verbs here.

Offsets count Unicode code points of the page's text, end exclusive, so ``text[start:end]``
is the thing itself. Every record is frozen and compares by value.
"""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

Role = Literal["headline", "kicker", "byline", "dateline", "caption", "credit", "subhead", "body"]
UnitRole = Literal[
    "headline", "kicker", "byline", "dateline", "caption", "credit", "subhead", "body", "residue"
]
UNIT_ROLES: tuple[UnitRole, ...] = get_args(UnitRole)
Kind = Literal["article", "brief", "teaser"]
Split = Literal["train", "test"]


class Article(Struct, frozen=True, omit_defaults=True):
    """One labelled story of a corpus, as its writer left it.

    ``topics`` and ``countries`` hold keys, the main one first. ``group`` names the cluster of
    near-duplicates the article belongs to (its own id where it has none); ``split`` and
    ``fold`` (0-based, cross-validation folds of the training part) never cut through a group.
    """

    id: str
    topics: tuple[str, ...]
    countries: tuple[str, ...]
    paragraphs: tuple[str, ...]
    form: str = "full"
    headline: str | None = None
    kicker: str | None = None
    byline: str | None = None
    dateline: str | None = None
    caption: str | None = None
    group: str = ""
    split: Split = "train"
    fold: int = 0

    @property
    def body(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.paragraphs)

    @property
    def text(self) -> str:
        """Headline and paragraphs, one a line: what a reader would call the story."""
        return f"{self.headline}\n{self.body}" if self.headline else self.body


class Span(Struct, frozen=True, order=True):
    """A stretch of a page's text: code-point offsets, end exclusive."""

    start: int
    end: int


class Part(Struct, frozen=True):
    """A span inside a story that plays one role."""

    start: int
    end: int
    role: Role


class Story(Struct, frozen=True, omit_defaults=True):
    """One story on a page, as laid out (gold) or as cut (predicted).

    ``boundary`` is the probability that a story starts here; 1.0 for gold and for a page's
    first story. ``article`` is the id of the article a gold story was made of. ``same_as`` is the
    index, on the same page, of the story that tells this one in full, if another does.
    """

    start: int
    end: int
    kind: Kind
    truncated: bool
    parts: tuple[Part, ...]
    boundary: float = 1.0
    article: str = ""
    same_as: int | None = None


class Page(Struct, frozen=True, omit_defaults=True):
    """A text in which stories run together, with its stories in order and its residue.

    Stories do not overlap, and with ``residue`` cover everything but white space. ``single`` is,
    of a page as it was cut, the probability that it is one story; a gold page has none.
    """

    id: str
    layout: str
    text: str
    stories: tuple[Story, ...]
    residue: tuple[Span, ...]
    fold: int = 0
    single: float | None = None


class Topic(Struct, frozen=True):
    """A topic of a story by its id in the taxonomy (``medtop:04000000``); a probability."""

    id: str
    name: str
    score: float


class Country(Struct, frozen=True):
    """A focus country (ISO 3166-1 alpha-2); ``evidence`` are page spans that speak for it."""

    code: str
    name: str
    score: float
    evidence: tuple[Span, ...] = ()


class Region(Struct, frozen=True):
    """A UN M49 sub-region (three digits)."""

    code: str
    name: str
    score: float


class Prediction(Struct, frozen=True):
    """One story of a document with its labels: the ``story`` of the output contract.

    ``uncertain``: the best topic is hardly more than a guess; the text may be no news at all.
    """

    index: int
    start: int
    end: int
    text: str
    kind: Kind
    headline: str | None
    kicker: str | None
    truncated: bool
    same_as: int | None
    boundary: float
    parts: tuple[Part, ...]
    topics: tuple[Topic, ...]
    countries: tuple[Country, ...]
    regions: tuple[Region, ...]
    uncertain: bool = False


class Document(Struct, frozen=True):
    """What ``classify`` says of one input: the ``document`` of the output contract.

    ``single`` is the probability that the text is one story.
    """

    source: str
    stories: tuple[Prediction, ...]
    residue: tuple[Span, ...]
    single: float
