"""Is one bundle better than another on real news, beyond what chance would explain?

Both are put to the same stories or pages, and the difference of their figures is bounded by a
paired bootstrap (Efron and Tibshirani 1993): what one draw holds, it holds for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from pipeline.classify import Classifier
from pipeline.errors import UsageError
from pipeline.evaluate.answers import answer, article_labels
from pipeline.evaluate.benchmark import SETTINGS, real_items, real_pages
from pipeline.evaluate.classification import main_right, set_counts
from pipeline.evaluate.end_to_end import GoldLabels
from pipeline.evaluate.intervals import percentile_interval
from pipeline.evaluate.segmentation import score_page
from pipeline.reading import Sample, article_sample
from pipeline.records import Article, Page

Metric = Literal["topic/accuracy", "region/country_f1", "segmentation/f1"]
Counts = npt.NDArray[np.int64]
NAMES: dict[Metric, str] = {
    "topic/accuracy": "main topic right",
    "region/country_f1": "countries, micro-F1",
    "segmentation/f1": "boundary F1",
}


class Material(NamedTuple):
    """What bundles are measured on: stories with their labels, and pages."""

    stories: Sequence[tuple[Sample, GoldLabels]]
    pages: Sequence[Page]


class Difference(Struct, frozen=True):
    """One figure of both bundles; ``low`` and ``high`` bound the difference (95%).

    ``items`` are the stories or pages that it was measured on.
    """

    metric: Metric
    items: int
    champion: float
    candidate: float
    difference: float
    low: float
    high: float

    @property
    def better(self) -> bool:
        """Whether the candidate is better beyond the interval."""
        return self.low > 0

    @property
    def worse(self) -> bool:
        """Whether it is worse beyond the interval."""
        return self.high < 0


def real_material(shared: Path, metric: Metric) -> Material:
    """Read the real sets; pages only where the metric asks for them, as they take a minute."""
    items = real_items(shared)
    pages = real_pages(shared) if metric == "segmentation/f1" else []
    return Material([(item.sample(), item.labels()) for item in items], pages)


def own_material(articles: Sequence[Article]) -> Material:
    """Take labelled stories of one's own."""
    return Material([(article_sample(one), article_labels(one)) for one in articles], [])


def measure(models: Path, material: Material) -> dict[Metric, Counts]:
    """Count right, wrong and missed of each item, shape (n, 3): their micro-F1 is the figure.

    A main topic that is wrong is one wrong and one missed, so that the F1 is the accuracy.
    """
    classifier = Classifier.load(models)
    found: dict[Metric, Counts] = {}
    if material.stories:
        samples, truths = zip(*material.stories, strict=True)
        answers = answer(classifier, samples)
        topics = [truth.topics for truth in truths]
        right = main_right(topics, [said.topics for said in answers]).astype(np.int64)
        found["topic/accuracy"] = np.stack([right, 1 - right, 1 - right], axis=1)
        countries = [truth.countries for truth in truths]
        if any(truth.labels for truth in countries):
            counts = set_counts(countries, [said.countries for said in answers])
            found["region/country_f1"] = counts
    if material.pages:
        cuts = [classifier.segmenter.cut(page.text, classifier.encoder) for page in material.pages]
        scores = [
            score_page(page, cut, SETTINGS.tolerance)
            for page, cut in zip(material.pages, cuts, strict=True)
        ]
        found["segmentation/f1"] = np.array([score.counts for score in scores], dtype=np.int64)
    return found


def compare(
    champion: dict[Metric, Counts], candidate: dict[Metric, Counts], metric: Metric
) -> list[Difference]:
    """Compare what :func:`measure` counted; the figure that decides comes first.

    :raises UsageError: the material has nothing to measure ``metric`` on.
    """
    if metric not in champion:
        raise UsageError(
            f"nothing here to measure {metric} on: give labels of that kind, or name another "
            "figure with --metric"
        )
    order = sorted(champion, key=lambda name: (name != metric, name))
    return [_difference(name, champion[name], candidate[name]) for name in order]


def _difference(metric: Metric, before: Counts, after: Counts) -> Difference:
    def change(indices: npt.NDArray[Any]) -> float:
        return _f1(after[indices]) - _f1(before[indices])

    rng = np.random.default_rng(SETTINGS.seed)
    interval = percentile_interval(change, len(before), SETTINGS.bootstrap, rng)
    old, new = _f1(before), _f1(after)
    rounded = (round(value, 6) for value in (old, new, new - old, interval.low, interval.high))
    return Difference(metric, len(before), *rounded)


def _f1(counts: Counts) -> float:
    right, wrong, missed = counts.sum(axis=0)
    both = 2 * right + wrong + missed
    return float(2 * right / both) if both else 1.0
