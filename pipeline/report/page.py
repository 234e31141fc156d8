"""The report as one HTML file, set from its sections."""

from __future__ import annotations

from pathlib import Path

from pipeline import __version__
from pipeline.html.sheet import digest, environment, style
from pipeline.report import quality, trust
from pipeline.report.blocks import Section
from pipeline.report.card import card
from pipeline.report.corpus import corpus
from pipeline.report.costs import costs
from pipeline.report.headline import figures
from pipeline.report.inputs import Inputs
from pipeline.report.mistakes import mistakes

TEMPLATES = Path(__file__).parent / "templates"


def sections(inputs: Inputs) -> tuple[Section, ...]:
    """Build the sections in the order of the page; without countries there is none on regions."""
    built = (
        quality.end_to_end(inputs),
        quality.segmentation(inputs),
        quality.topics(inputs),
        trust.confidence(inputs),
        quality.regions(inputs),
        trust.learning(inputs),
        mistakes(inputs),
        costs(inputs.costs),
        corpus(inputs),
        card(inputs),
    )
    return tuple(section for section in built if section is not None)


def report(inputs: Inputs) -> str:
    """Set the page. The same inputs give the same bytes."""
    css = style(TEMPLATES / "page.css")
    earlier = inputs.earlier
    return (
        environment(TEMPLATES)
        .get_template("page.html")
        .render(
            title="How well it reads",
            style=css,
            digest=digest(css),
            figures=figures(inputs.metrics, earlier.metrics if earlier else None),
            earlier=earlier,
            sections=sections(inputs),
            inputs=inputs,
            version=__version__,
        )
    )
