from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from pipeline.evaluate import plots
from pipeline.evaluate.calibration import calibrate
from pipeline.evaluate.tables import Table

LABELS = Table(
    ("label", "name", "stories", "precision", "recall", "f1"),
    (("030", "Eastern Asia", 4, 1.0, 0.5, 0.67), ("155", "Western Europe", 2, 1.0, 1.0, 1.0)),
)
LAYOUTS = Table(
    ("layout", "pages", "precision", "recall", "f1", "pages_right"),
    (("digest", 12, 0.9, 0.8, 0.85, 0.5), ("single", 3, "", "", "", 1.0)),
)
CURVE = Table(
    ("threshold", "precision", "recall", "f1"), ((0.0, 0.8, 0.9, 0.85), (0.5, 0.9, 0.7, 0.79))
)
COVERAGE = Table(
    ("coverage", "accuracy", "accuracy_low", "accuracy_high"), ((0.5, 0.9, 0.8, 1.0), (1.0,) * 4)
)
LEARNING = Table(("articles", "f1", "f1_low", "f1_high"), ((130, 0.8, 0.7, 0.9), (1300, 1, 1, 1)))
ROW = {"group": "EA", "stories": 4, "countries": 0, "country_f1": None}
SURE = {"topic_accuracy": 0.5, "topic_accuracy_low": 0.2, "topic_accuracy_high": 0.8}
FIGURES: dict[str, Callable[[], bytes]] = {
    "confusion": lambda: plots.confusion_figure([("arts", "arts"), ("arts", "sport"), ("law", "")]),
    "calibration": lambda: plots.calibration_figure(
        [
            ("Topics", calibrate([0.2, 0.7, 0.9], [False, True, True], 10)),
            ("Nothing", calibrate([], [], 10)),
        ]
    ),
    "layouts": lambda: plots.layouts_figure(LAYOUTS),
    "labels": lambda: plots.labels_figure("Sub-regions", LABELS),
    "boundary": lambda: plots.boundary_figure(CURVE),
    "breakdown": lambda: plots.breakdown_figure({"source": [{**ROW, **SURE}], "form": []}),
    "no breakdown": lambda: plots.breakdown_figure({}),
    "coverage": lambda: plots.coverage_figure([("Topic", [("articles", COVERAGE)])]),
    "learning": lambda: plots.learning_figure(
        [("Countries", "f1", [("alone", LEARNING), ("packs", Table(LEARNING.columns, ()))])]
    ),
    "nothing": lambda: plots.labels_figure("Sub-regions", Table(LABELS.columns, ())),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_stable_images_without_a_date(name: str) -> None:
    from matplotlib.image import imread

    image = FIGURES[name]()
    assert image == FIGURES[name]()
    assert b"Software" not in image
    assert b"tIME" not in image
    height, width, _ = imread(io.BytesIO(image)).shape
    assert height > 150
    assert width > 400
