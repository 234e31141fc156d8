"""Pages made ready for the models: units, their vectors and their form, worked out once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.reader.reader import PageUnits, Reader, Reading
from pipeline.records import Page
from pipeline.segment.features import layout_table
from pipeline.segment.form import FormTable, Matrix, form_table
from pipeline.units import Unit, find_units

AT_ONCE = 64  # pages read together


class PageTable(NamedTuple):
    """A page's ``n`` units: their text, what was read of them, form and layout (n, 9)."""

    text: str
    units: list[Unit]
    pieces: list[str]
    reading: Reading
    form: FormTable
    layout: Matrix

    @property
    def vectors(self) -> Matrix:
        """The units' vectors, shape (n, d)."""
        return self.reading.vectors


def page_tables(texts: Sequence[str], reader: Reader) -> list[PageTable]:
    """Prepare pages; all of them go to the reader in one call. Pages without units fail.

    :raises ValueError: a text holds nothing but white space.
    """
    found = [find_units(text) for text in texts]
    if not all(found):
        raise ValueError("a page needs at least one unit")
    pages = [PageUnits(text, units) for text, units in zip(texts, found, strict=True)]
    return [_table(text, reading) for text, reading in zip(texts, reader.read(pages), strict=True)]


def read_pages(pages: Sequence[Page], reader: Reader, name: str) -> list[PageTable]:
    """Prepare pages for training, some at a time, behind a bar that goes by ``name``."""
    from tqdm import tqdm

    batches = [pages[i : i + AT_ONCE] for i in range(0, len(pages), AT_ONCE)]
    bar = tqdm(batches, desc=name, file=sys.stderr, disable=None)
    return [table for some in bar for table in page_tables([page.text for page in some], reader)]


def _table(text: str, reading: Reading) -> PageTable:
    units = reading.units
    pieces = PageUnits(text, units).pieces
    return PageTable(text, units, pieces, reading, form_table(text, units), layout_table(units))
