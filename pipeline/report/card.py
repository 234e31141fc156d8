"""The model card (Mitchell et al. 2019): what the models are for, made from, and not good at."""

from __future__ import annotations

from pipeline.report.blocks import Facts, Row, Section
from pipeline.report.inputs import GAP_CARD, PAGE_CARD, STORY_CARD, Inputs

STARTER = "data/starter.jsonl"
LICENCES = (
    "Broadsheet: MIT.",
    "Encoder all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020): Apache 2.0.",
    "Names of topics, IPTC Media Topics: CC BY 4.0. Names of places, GeoNames: CC BY 4.0; "
    "ISO 3166 by pycountry: LGPL 2.1; country_converter: GPL 3.0.",
)


def card(inputs: Inputs) -> Section:
    """Set out the card; what it says of data and versions comes from the files of this run."""
    manifest = inputs.manifest
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    return Section(
        "card",
        "Model card",
        "What the models of this run are, and what they are for.",
        (
            Row(
                (
                    Facts(
                        (
                            ("Models", _models(inputs)),
                            ("Intended use", _use(inputs)),
                            ("Not intended", _misuse()),
                            ("Training data", _data(inputs)),
                            ("Measured on", _measured(inputs)),
                            ("Limits", _limits(inputs)),
                            ("Licences", _licences(inputs)),
                            ("Encoder", (manifest.encoder,)),
                            ("Versions", (f"Broadsheet {manifest.broadsheet}, {versions}",)),
                        )
                    ),
                )
            ),
        ),
    )


def _models(inputs: Inputs) -> tuple[str, ...]:
    manifest = inputs.manifest
    return (
        "A segmenter that cuts a text into its stories and tells their parts apart; a topic head "
        f"of {len(manifest.topics)} topics; a country ranker that knows {len(manifest.countries)} "
        "countries and rolls them up to UN M49 sub-regions. Scores are calibrated probabilities.",
    )


def _use(inputs: Inputs) -> tuple[str, ...]:
    return (
        "English text in which several news stories run together: scraped pages, digests, wire "
        "files, newsletters, transcripts. For indexing, routing, search and statistics, with "
        "scores from which a threshold may be chosen.",
    )


def _misuse() -> tuple[str, ...]:
    return (
        "Decisions about persons; checking whether what a story says is true; text that is no "
        "news. Where one wrong label does harm, a reader decides.",
    )


def _data(inputs: Inputs) -> tuple[str, ...]:
    held_out = sum(article.split == "test" for article in inputs.articles.values())
    said = [
        f"{len(inputs.articles) - held_out:,} articles of {', '.join(inputs.ingest.sources)} and "
        f"{sum(inputs.train_layouts.values()):,} pages mixed from them.",
    ]
    if inputs.curve["pack_stories"]:
        said.append(
            f"{inputs.curve['pack_stories']:,} real stories as feature packs: vectors, labels and "
            "places, without their text."
        )
    taught = (
        (PAGE_CARD, "The page reader"),
        (GAP_CARD, "The boundary model"),
        (STORY_CARD, "The encoder of stories"),
    )
    for file, what in taught:
        if file in inputs.cards:
            sets = sorted(inputs.cards[file]["stories"].items(), key=lambda item: -item[1])
            listed = ", ".join(f"{name} {count:,}" for name, count in sets)
            said.append(f"{what} was taught on stories of these sets: {listed}.")
    return tuple(said)


def _measured(inputs: Inputs) -> tuple[str, ...]:
    stories = inputs.metrics["topic"]["stories"]
    said = (
        f"{stories} articles and {len(inputs.pages)} pages of the same corpus that training never "
        f"saw; intervals are 95% bootstrap intervals over {inputs.evaluate.bootstrap:,} resamples."
    )
    flatters = (
        "The held-out part was written by the hand that wrote the training part, and its pages are "
        "furnished from the same templates: it flatters. Figures on real news are in "
        "reports/benchmark.md."
    )
    return (said, flatters) if STARTER in inputs.ingest.sources else (said,)


def _limits(inputs: Inputs) -> tuple[str, ...]:
    return (
        "English. Other languages are cut by their layout, and their labels are worth little.",
        "Whole articles without a headline or a credit between them, and pages flattened to one "
        "line, are the hard cases; a truncated teaser that runs into the next story on one line "
        "without a mark is not found.",
        "Text that is no news is cut too seldom. It is marked as uncertain where it is code, a "
        "list or another language; an advert often passes for a story.",
        "A country is named from what the text says; nothing is looked up.",
    )


def _licences(inputs: Inputs) -> tuple[str, ...]:
    if STARTER in inputs.ingest.sources:
        return (*LICENCES, f"{STARTER}: CC0 1.0, the project's own text.")
    return (*LICENCES, "The corpus: as its owner says.")
