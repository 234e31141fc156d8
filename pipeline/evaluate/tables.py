"""The data behind the plots, as CSV that ``dvc plots`` and spreadsheets read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.evaluate.calibration import Calibration
from pipeline.evaluate.classification import LabelScore
from pipeline.evaluate.counts import total
from pipeline.evaluate.segmentation import Cut, judge_starts
from pipeline.records import Page

STEPS = 50  # thresholds of the precision-recall curve

Row = tuple[str | int | float, ...]


class Table(NamedTuple):
    """A table of strings and numbers, one column name a value of each row."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def to_csv(table: Table) -> str:
    """Write a table as CSV with Unix line ends, numbers rounded to six digits."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([round(cell, 6) if isinstance(cell, float) else cell for cell in row])
    return buffer.getvalue()


def confusion_table(pairs: Iterable[tuple[str, str]]) -> Table:
    """One row a story, its actual and its predicted main topic: DVC's ``confusion`` template."""
    return Table(("actual", "predicted"), tuple(pairs))


def calibration_table(measured: Calibration) -> Table:
    """One row a bin that holds anything."""
    rows = tuple((b.low, b.high, b.size, b.confidence, b.accuracy) for b in measured.bins if b.size)
    return Table(("low", "high", "count", "confidence", "accuracy"), rows)


def layout_table(layouts: Mapping[str, Mapping[str, float]]) -> Table:
    """One row a layout; a cell is empty where the layout has no such figure."""
    columns = (
        "pages",
        "boundaries",
        "precision",
        "recall",
        "f1",
        "pages_right",
        "pk",
        "windowdiff",
    )
    rows: list[Row] = [
        (name, *(figures.get(column, "") for column in columns))
        for name, figures in layouts.items()
    ]
    return Table(("layout", *columns), tuple(rows))


def label_table(scores: Iterable[LabelScore], names: Mapping[str, str]) -> Table:
    """One row a label, by its readable name, the most frequent first."""
    rows = tuple(
        (s.label, names.get(s.label, s.label), s.stories, s.precision, s.recall, s.f1)
        for s in sorted(scores, key=lambda score: (-score.stories, score.label))
    )
    return Table(("label", "name", "stories", "precision", "recall", "f1"), rows)


def breakdown_table(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    """One row a group of every breakdown, ``label`` naming both; a cell may be empty."""
    columns = (
        *("stories", "topic_accuracy", "topic_accuracy_low", "topic_accuracy_high"),
        *("countries", "country_f1", "country_f1_low", "country_f1_high"),
    )
    rows = [
        (by, row["group"], f"{by} {row['group']}", *_cells(row, columns))
        for by, groups in found.items()
        for row in groups
    ]
    return Table(("by", "group", "label", *columns), tuple(rows))


def curve_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Table:
    """One row a point of a curve."""
    return Table(tuple(columns), tuple(_cells(row, columns) for row in rows))


def _cells(row: Mapping[str, Any], columns: Sequence[str]) -> Row:
    return tuple("" if row[column] is None else row[column] for column in columns)


def boundary_table(pages: Sequence[Page], cuts: Sequence[Cut], tolerance: int) -> Table:
    """Precision and recall of the boundaries as ever surer cuts are asked for.

    The decoding has chosen the cuts, so the curve starts there (threshold 0) and shows what
    dropping the less sure ones would do, until none is left; it cannot show cuts that were
    never made.
    """
    rows = []
    for step in range(STEPS + 1):
        threshold = step / STEPS
        counts = total(
            judge_starts(
                page,
                [s.start for i, s in enumerate(cut.stories) if i == 0 or s.boundary >= threshold],
                tolerance,
            ).counts
            for page, cut in zip(pages, cuts, strict=True)
        )
        if threshold and not counts.right + counts.wrong:
            break
        rows.append((threshold, counts.precision, counts.recall, counts.f1))
    return Table(("threshold", "precision", "recall", "f1"), tuple(rows))
