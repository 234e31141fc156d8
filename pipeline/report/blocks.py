"""What the report is made of: sections of tables, charts, cards and facts, without their looks.

A cell of a table is a text, a count, a :class:`Share` or an :class:`Amount`. Texts are data, which
the templates escape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

LEAST = 5  # stories from which an interval is shown: over fewer it is narrower than it should be


class Share(NamedTuple):
    """A figure from 0 to 1 with its 95% interval, if it has one; ``value`` is None for no figure.

    ``drawn``: a bar goes with it.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    drawn: bool = True

    @property
    def kind(self) -> str:
        """How it is set."""
        return "share" if self.drawn else "figure"

    @property
    def bounded(self) -> bool:
        """Whether it has an interval."""
        return self.low is not None and self.high is not None


class Amount(NamedTuple):
    """A number with its unit, as it is printed; ``part`` of the largest one beside it, as a bar."""

    text: str
    part: float | None = None

    @property
    def kind(self) -> str:
        """How it is set."""
        return "amount" if self.part is None else "share"


Cell = str | int | Share | Amount


class Table(NamedTuple):
    """Rows under named columns; the first cell of a row names it.

    ``hue`` is one of the style sheet's colours, from 1 on.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    hue: int = 1
    kind: str = "table"

    @property
    def wide(self) -> bool:
        """Whether it may be wider than a narrow screen."""
        return len(self.columns) > 4

    @property
    def shapes(self) -> tuple[str, ...]:
        """How each column is set, by its first row: ``text``, ``count``, ``amount`` …"""
        first = self.rows[0] if self.rows else ("",) * len(self.columns)
        return tuple(shape(cell) for cell in first)


class Chart(NamedTuple):
    """A drawing as SVG, what it shows in words, and the numbers behind it."""

    title: str
    says: str
    svg: str
    numbers: Table
    kind: str = "chart"


class Square(NamedTuple):
    """A cell of a matrix: how many, what share of its row in steps from 0 to 5, on the diagonal."""

    stories: int
    level: int
    right: bool


class Matrix(NamedTuple):
    """Which label is taken for which: a row for each gold label, a column for each predicted."""

    caption: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[Square, ...]], ...]
    kind: str = "matrix"


class Label(NamedTuple):
    """A label with its score, if there is one; ``right`` is None where that is not the point."""

    name: str
    score: float | None
    right: bool | None = None


class Mistake(NamedTuple):
    """A story labelled wrong: what was expected and what was said. The text may be left out."""

    id: str
    headline: str
    opening: str
    expected: tuple[Label, ...]
    said: tuple[Label, ...]


class Seam(NamedTuple):
    """A boundary that was missed (``score`` is None) or cut too many, between two bits of text."""

    before: str
    after: str
    score: float | None


class Miscut(NamedTuple):
    """A page cut wrong; ``seams`` are in order, and empty where no text is quoted."""

    id: str
    layout: str
    missed: int
    wrong: int
    seams: tuple[Seam, ...]
    more: int


class Mistakes(NamedTuple):
    """The worst mistakes of one kind."""

    title: str
    note: str
    cards: tuple[Mistake, ...] | tuple[Miscut, ...]
    kind: str = "mistakes"


class Facts(NamedTuple):
    """Names with what there is to say of each: paragraphs."""

    facts: tuple[tuple[str, tuple[str, ...]], ...]
    kind: str = "facts"


Block = Table | Chart | Matrix | Mistakes | Facts


class Row(NamedTuple):
    """Blocks side by side where there is room."""

    blocks: tuple[Block, ...]


class Section(NamedTuple):
    """A chapter of the report."""

    id: str
    title: str
    note: str
    rows: tuple[Row, ...]


def bounded(section: Mapping[str, Any], name: str, *, stories: int = LEAST) -> Share:
    """Take a figure with its interval, which is left out over too few ``stories``.

    >>> bounded({"f1": 0.9, "f1_low": 0.85, "f1_high": 0.95}, "f1")
    Share(value=0.9, low=0.85, high=0.95, drawn=True)
    """
    value = section.get(name)
    if value is None or stories < LEAST:
        return Share(value)
    return Share(value, section.get(f"{name}_low"), section.get(f"{name}_high"))


def plain(section: Mapping[str, Any], name: str) -> Share:
    """Take a figure that is printed and not drawn, such as an error."""
    return Share(section.get(name), drawn=False)


def shape(cell: Cell) -> str:
    """Name how a cell is set."""
    if isinstance(cell, Share | Amount):
        return cell.kind
    return "count" if isinstance(cell, int) else "text"


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    hue: int = 1,
) -> Table:
    """Set a table from any sequences."""
    return Table(caption, tuple(columns), tuple(tuple(row) for row in rows), hue)
