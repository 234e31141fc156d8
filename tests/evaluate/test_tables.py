from __future__ import annotations

from pipeline.evaluate.calibration import calibrate
from pipeline.evaluate.classification import LabelScore
from pipeline.evaluate.tables import (
    Table,
    boundary_table,
    breakdown_table,
    calibration_table,
    confusion_table,
    curve_table,
    label_table,
    layout_table,
    to_csv,
)
from pipeline.records import Page
from tests.evaluate.pages import cut_at, page, story


def test_csv_rounds_and_quotes() -> None:
    table = Table(("layout", "f1"), (("teasers, plain", 1 / 3), ("single", 1.0)))
    assert to_csv(table) == 'layout,f1\n"teasers, plain",0.333333\nsingle,1.0\n'


def test_boundary_curve_starts_at_the_decoding_and_trades_recall() -> None:
    gold = page("Rain fell.", "Snow fell.", "Hail fell.")
    second, third = (s.start for s in gold.stories[1:])
    stories = (story(0, 5), story(5, second, 0.3), story(second, third, 0.6), story(third, 32, 0.9))
    table = boundary_table([gold], [Page("p", "digest", gold.text, stories, ())], tolerance=3)
    by_threshold = {row[0]: row[1:3] for row in table.rows}
    assert by_threshold[0.0] == (2 / 3, 1.0)
    assert by_threshold[0.5] == (1.0, 1.0)
    assert by_threshold[0.8] == (1.0, 0.5)
    assert max(by_threshold) == 0.9
    recalls = [float(row[2]) for row in table.rows]
    assert recalls == sorted(recalls, reverse=True)


def test_a_page_without_cuts_is_one_point() -> None:
    alone = page("Rain fell.")
    assert boundary_table([alone], [cut_at(alone, [0])], 3).rows == ((0.0, 1.0, 1.0, 1.0),)


def test_cells_without_a_figure_are_empty() -> None:
    names = ("topic_accuracy", "country_f1")
    figures = {f"{name}{end}": 0.5 for name in names for end in ("", "_low", "_high")}
    row = {"group": "EA", "stories": 2, "countries": 0, **figures, "country_f1": None}
    table = breakdown_table({"source": [row]})
    assert table.rows[0][:5] == ("source", "EA", "source EA", 2, 0.5)
    assert table.rows[0][table.columns.index("country_f1")] == ""
    assert curve_table([{"share": 0.1, "f1": None}], ("share", "f1")).rows == ((0.1, ""),)


def test_other_tables() -> None:
    assert confusion_table([("arts", "sport")]).rows == (("arts", "sport"),)
    assert calibration_table(calibrate([0.25, 0.3], [True, False], 2)).rows == (
        (0.0, 0.5, 2, 0.275, 0.5),
    )
    scores = [LabelScore("030", 2, 1.0, 0.5, 2 / 3), LabelScore("155", 5, 1.0, 1.0, 1.0)]
    rows = label_table(scores, {"030": "Eastern Asia"}).rows
    assert [row[:3] for row in rows] == [("155", "155", 5), ("030", "Eastern Asia", 2)]
    figures = dict.fromkeys(
        ("pages", "boundaries", "precision", "recall", "f1", "pages_right", "pk", "windowdiff"), 1
    )
    assert layout_table({"digest": figures}).rows == (("digest", *[1] * 8),)
    del figures["f1"]
    assert layout_table({"single": figures}).rows[0][5] == ""
