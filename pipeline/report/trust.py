"""How far the figures and the scores reach: calibration, coverage, learning curves."""

from __future__ import annotations

from pipeline.report import charts
from pipeline.report.blocks import Block, Row, Section
from pipeline.report.inputs import Inputs


def confidence(inputs: Inputs) -> Section:
    """Set scores against what came true, and how often the surest stories are right."""
    metrics = inputs.metrics
    errors = {
        "boundary": ("Boundaries", metrics["segmentation"]["calibration"]),
        "topic": ("Main topics", metrics["topic"]["calibration"]),
        "country": ("Countries", metrics["region"]["calibration"] if inputs.placed else {}),
    }
    reliable = tuple(
        charts.reliability(f"calibration-{name}", what, rows, error)
        for name, (what, error) in errors.items()
        if error and (rows := inputs.plots[f"calibration_{name}"])
    )
    return Section(
        "confidence",
        "How far the scores can be trusted",
        "A score is a probability: of a hundred at 0.8, eighty should come true, and the points "
        "lie on the diagonal. ECE is the mean distance from it. Coverage says how often the first "
        "label is right if only the surest stories are labelled; bands are 95% intervals.",
        (Row(reliable), Row(_coverage(inputs))),
    )


def _coverage(inputs: Inputs) -> tuple[Block, ...]:
    found = inputs.details["coverage"]
    return tuple(
        charts.curves(
            f"coverage-{kind}",
            f"{title}: right among the surest",
            ("coverage", "share of the stories, the surest first"),
            ("accuracy", "first label right"),
            {"articles": articles, "stories on pages": found["page_stories"][kind]},
        )
        for kind, title in (("topic", "Main topic"), ("country", "First country"))
        if (articles := found["articles"][kind])
    )


def learning(inputs: Inputs) -> Section:
    """Draw what the heads make of growing shares of the corpus."""
    curve = inputs.curve
    across = ("articles", "articles trained on")
    topic = {"corpus alone": curve["topic"], "beside feature packs": curve["topic_with_packs"]}
    drawn = []
    if any(topic.values()):
        drawn.append(
            charts.curves(
                "learning-topic", "Main topic right", across, ("accuracy", "share right"), topic
            )
        )
    if inputs.placed and curve["country"]:
        drawn.append(
            charts.curves(
                "learning-country",
                "Countries, F1",
                across,
                ("f1", "F1"),
                {"corpus alone": curve["country"]},
            )
        )
    return Section(
        "learning",
        "What more of the corpus would bring",
        "The heads trained on growing parts of the training articles, measured on the held-out "
        "ones. The encoder is the same throughout, and what it was taught topics on includes all "
        "training articles, so small parts look better than they are.",
        (Row(tuple(drawn)),),
    )
