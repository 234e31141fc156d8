"""All that the report is set from: files that other stages wrote, and nothing measured anew."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import CorruptArtifactError
from pipeline.labels import Label
from pipeline.params import EvaluateParams, IngestParams, Params
from pipeline.records import Article, Page
from pipeline.report.earlier import Earlier, earlier_metrics
from pipeline.store import layout
from pipeline.store.bundle import Manifest, read_manifest
from pipeline.store.costs import Cost, read_costs
from pipeline.store.curves import read_curves
from pipeline.store.jsonl import read_records
from pipeline.store.metrics import read_metrics
from pipeline.store.predictions import Judged, read_predictions

READER_FILE = "encoder/pages.onnx"  # in a bundle whose pages the reader reads
# The cards of what was taught on real stories: the encoder twice, and the boundary model.
PAGE_CARD, STORY_CARD, GAP_CARD = "reader", "finetuned", "gaps"

PlotRow = Mapping[str, Any]


class Inputs(NamedTuple):
    """What the stages before this one left.

    ``plots`` are the tables behind the plots, by their names; their cells are numbers where they
    can be. ``cards`` say what the reader and the encoder were taught on, where the bundle has them.
    """

    evaluate: EvaluateParams
    ingest: IngestParams
    metrics: Mapping[str, Any]
    details: Mapping[str, Any]
    curve: Mapping[str, Any]
    judged: tuple[Judged, ...]
    plots: Mapping[str, tuple[PlotRow, ...]]
    manifest: Manifest
    costs: Mapping[str, Cost]
    articles: Mapping[str, Article]
    names: Mapping[str, str]
    train_layouts: Mapping[str, int]
    pages: tuple[Page, ...]
    cuts: tuple[Page, ...]
    cards: Mapping[str, Mapping[str, Any]]
    earlier: Earlier | None

    @property
    def placed(self) -> bool:
        """Whether countries were measured: gold names some."""
        return "region" in self.metrics

    @property
    def quoted(self) -> bool:
        """Whether stories may be quoted."""
        return self.evaluate.examples > 0


def read_inputs(params: Params) -> Inputs:
    """Read everything.

    :raises MissingArtifactError: a stage before this one has not run.
    :raises CorruptArtifactError: a file is not what that stage writes.
    """
    metrics = read_metrics(layout.METRICS, "dvc repro evaluate")
    manifest = read_manifest()
    found = Inputs(
        evaluate=params.evaluate,
        ingest=params.ingest,
        metrics=metrics,
        details=read_metrics(layout.DETAILS, "dvc repro evaluate"),
        curve=read_curves(),
        judged=tuple(read_predictions(layout.PREDICTIONS)),
        plots=_plots(layout.require(layout.PLOTS, "dvc repro evaluate")),
        manifest=manifest,
        costs=read_costs(),
        articles={article.id: article for article in read_records(layout.ARTICLES, Article)},
        names={label.key: label.name for label in read_records(layout.TAXONOMY, Label)},
        train_layouts=Counter(page.layout for page in read_records(layout.TRAIN_PAGES, Page)),
        pages=tuple(read_records(layout.TEST_PAGES, Page)),
        cuts=tuple(read_records(layout.CUT_PAGES, Page)),
        cards=_cards(manifest, params),
        earlier=earlier_metrics(metrics),
    )
    _check(found)
    return found


def _check(found: Inputs) -> None:
    """Refuse predictions that are not of these articles and pages, or without scores."""
    stories = [one for one in found.judged if one.task != "boundaries"]
    fits = (
        all(one.id in found.articles for one in stories)
        and all(len(one.said) == len(one.said_scores) for one in found.judged)
        and all(len(one.gold) == len(one.gold_scores) for one in stories)
    )
    if not fits or [page.text for page in found.pages] != [cut.text for cut in found.cuts]:
        raise CorruptArtifactError(
            f"{layout.PREDICTIONS} and {layout.CUT_PAGES} do not go with {layout.ARTICLES} and "
            f"{layout.TEST_PAGES}: run `dvc repro report`"
        )


def _cards(manifest: Manifest, params: Params) -> dict[str, Any]:
    """Read what in the bundle was taught on real stories; an encoder as it came has no card."""
    reads = READER_FILE in manifest.files
    taught = (
        (PAGE_CARD, layout.READER_CARD, reads),
        (GAP_CARD, layout.GAPS_CARD, reads and params.segment.real_pages),
        (STORY_CARD, layout.FINETUNED_CARD, "+" in manifest.encoder),
    )
    return {
        name: json.loads(path.read_text(encoding="utf-8"))
        for name, path, there in taught
        if there and path.exists()
    }


def _plots(folder: Path) -> dict[str, tuple[PlotRow, ...]]:
    return {path.stem: _table(path) for path in sorted(folder.glob("*.csv"))}


def _table(path: Path) -> tuple[PlotRow, ...]:
    text = path.read_text(encoding="utf-8")
    named = path.stem == "confusion"  # of labels alone, which may look like numbers
    return tuple(
        row if named else {name: _number(cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    )


def _number(cell: str) -> str | float:
    try:
        return float(cell)
    except ValueError:
        return cell
