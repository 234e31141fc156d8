"""The few figures that stand for a run, with what they were before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.report.blocks import Share, bounded
from pipeline.store.metrics import flatten


class Measure(NamedTuple):
    """A figure by its path in ``metrics.json``, what it is called and what it is of."""

    path: str
    name: str
    note: str


MEASURES = (
    Measure("segmentation/f1", "Boundaries, F1", "of pages, within the tolerance"),
    Measure("segmentation/pages_right", "Pages wholly right", "every cut found, none too many"),
    Measure("topic/accuracy", "Main topic right", "of whole articles"),
    Measure("topic/f1_macro", "Main topic, macro-F1", "of whole articles, each topic alike"),
    Measure("region/country/f1", "Countries, F1", "of whole articles, over all decisions"),
    Measure("end_to_end/topic_accuracy", "End to end", "main topic right, from the page on"),
)


class Figure(NamedTuple):
    """A measure of this run. ``before`` is what it was, if there is an earlier run that has it."""

    name: str
    note: str
    share: Share
    before: float | None = None

    @property
    def change(self) -> str:
        """The difference in the digits that are shown, with its sign; empty where there is none.

        >>> Figure("F1", "", Share(0.9264), 0.9141).change
        '+0.012'
        """
        if self.before is None or self.share.value is None:
            return ""
        difference = round(self.share.value, 3) - round(self.before, 3)
        return f"{difference:+.3f}".replace("-", "\u2212") if round(difference, 3) else ""


def figures(
    metrics: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> tuple[Figure, ...]:
    """Take the headline figures that ``metrics`` has; what was not measured is left out."""
    now, then = flatten(metrics), flatten(before or {})
    return tuple(
        Figure(measure.name, measure.note, bounded(now, measure.path), then.get(measure.path))
        for measure in MEASURES
        if measure.path in now
    )


def reads(found: Sequence[Figure]) -> dict[str, str]:
    """Print each figure as it is shown.

    >>> reads([Figure("F1", "", Share(0.92645))])
    {'F1': '0.926'}
    """
    return {figure.name: f"{figure.share.value:.3f}" for figure in found}
