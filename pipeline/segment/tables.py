"""Pages made ready for the models: units, their vectors and their form, worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.encoder import Encoder
from pipeline.segment.features import layout_table
from pipeline.segment.form import FormTable, Matrix, form_table
from pipeline.segment.units import Unit, find_units


class PageTable(NamedTuple):
    """A page's ``n`` units: their text, ``vectors`` (n, d), form and layout (n, 9)."""

    text: str
    units: list[Unit]
    pieces: list[str]
    vectors: Matrix
    form: FormTable
    layout: Matrix


def page_tables(texts: Sequence[str], encoder: Encoder) -> list[PageTable]:
    """Prepare pages; all their units go to the encoder in one call. Pages without units fail.

    :raises ValueError: a text holds nothing but white space.
    """
    found = [find_units(text) for text in texts]
    if not all(found):
        raise ValueError("a page needs at least one unit")
    pieces = [
        [text[unit.start : unit.end] for unit in units]
        for text, units in zip(texts, found, strict=True)
    ]
    vectors = encoder.encode([piece for page in pieces for piece in page])
    tables: list[PageTable] = []
    start = 0
    for text, units, own in zip(texts, found, pieces, strict=True):
        rows = vectors[start : start + len(units)]
        start += len(units)
        tables.append(
            PageTable(text, units, own, rows, form_table(text, units), layout_table(units))
        )
    return tables
