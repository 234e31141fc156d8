"""What the segmenter is taught from: a page as prepared, as it is, and its units' gold."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.records import Page
from pipeline.segment.gold import GoldUnits
from pipeline.segment.tables import PageTable


class Lesson(NamedTuple):
    """One training page: as prepared, as it is, and its units' gold."""

    table: PageTable
    page: Page
    gold: GoldUnits
