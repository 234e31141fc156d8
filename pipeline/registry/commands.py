"""``broadsheet promote``: it parses, calls and prints."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.console import guarded, is_terminal, working
from pipeline.errors import CorruptArtifactError, UsageError
from pipeline.options import Debug, PlainFormat
from pipeline.registry.verdict import Verdict, write_verdict
from pipeline.registry.versions import (
    CHAMPION,
    Version,
    bundle_folder,
    find_version,
    move_champion,
    read_versions,
)
from pipeline.render.sink import open_sink
from pipeline.store.layout import PARAMS
from pipeline.whereabouts import of_project

if TYPE_CHECKING:
    from pipeline.params import Params
    from pipeline.registry.promotion import Material, Metric

NAME = "broadsheet promote"
ChampionMetric = Literal["topic/accuracy", "region/country_f1", "segmentation/f1"]


def promote(
    version: Annotated[
        str, typer.Argument(help="A version's number or alias.", show_default=True)
    ] = "latest",
    apply: Annotated[
        bool, typer.Option("--apply", help="Move the alias; without, only say what would be done.")
    ] = False,
    by_hand: Annotated[
        bool, typer.Option("--by-hand", help="Move it whatever the figures are, unmeasured.")
    ] = False,
    on: Annotated[
        Path | None,
        typer.Option(
            "--on", help="Measure on these labelled stories (.jsonl, .csv) and not on --shared."
        ),
    ] = None,
    shared: Annotated[
        Path, typer.Option("--shared", help="Folder that holds the real labelled sets.")
    ] = Path("../shared"),
    metric: Annotated[
        ChampionMetric | None,
        typer.Option("--metric", help="What decides. [default: record.champion in params.yaml]"),
    ] = None,
    format: Annotated[PlainFormat, typer.Option("--format", "-f")] = "table",
    debug: Debug = False,
) -> None:
    """Make a version of the registered model the champion, if it is better on real news.

    It is better if the 95% interval of the difference, by a paired bootstrap, lies above zero. The
    champion is what `classify --models models:/broadsheet@champion` uses.
    """
    with guarded(NAME, debug):
        from pipeline.habits.database import runs_uri
        from pipeline.params import load_params

        if on is not None and not on.is_file():
            raise UsageError(f"{on} is not here: name labelled stories with --on")
        params = load_params(of_project(PARAMS))
        uri = runs_uri(os.environ)
        versions = read_versions(uri, params.record.model)
        candidate = find_version(versions, version)
        champion = next((one for one in versions if CHAMPION in one.aliases), None)
        if champion == candidate:
            verdict = Verdict(candidate, champion, False, "it is the champion already")
        elif by_hand:
            verdict = Verdict(candidate, champion, True, "by hand, unmeasured")
        elif champion is None:
            verdict = Verdict(candidate, None, True, "there is no champion yet")
        else:
            decides = metric or params.record.champion
            material = _material(on, shared, decides, params)
            verdict = _measured(uri, candidate, champion, decides, material)
        if apply and verdict.moves:
            move_champion(uri, candidate, _tags(verdict))
        with open_sink(None, data=format != "table") as sink:
            write_verdict(sink, verdict, apply, format, is_terminal(sys.stdout))
        raise typer.Exit(0 if verdict.moves or champion == candidate else 1)


def _material(on: Path | None, shared: Path, metric: Metric, params: Params) -> Material:
    from pipeline.registry.promotion import own_material, real_material

    if on is None:
        if not shared.is_dir():
            raise UsageError(
                f"{shared} is not a folder: name labelled stories with --on or the labelled sets "
                "with --shared, or decide with --by-hand"
            )
        return real_material(shared, metric)
    from pipeline.ingest.corpus import corpus_of, read_rows
    from pipeline.labels import read_taxonomy

    taxonomy = read_taxonomy(of_project(Path(params.ingest.taxonomy)))
    corpus = corpus_of(read_rows([str(on)]), params.ingest, taxonomy)
    if corpus.rejects:
        raise UsageError(f"{corpus.rejects[0]}: see `broadsheet ingest {on}`")
    return own_material(corpus.articles)


def _measured(
    uri: str, candidate: Version, champion: Version, metric: Metric, material: Material
) -> Verdict:
    from pipeline.registry.promotion import NAMES, compare, measure

    counted = []
    for one in (champion, candidate):
        with working(f"measuring {one.label}", is_terminal(sys.stderr)):
            try:
                counted.append(measure(bundle_folder(uri, one), material))
            except CorruptArtifactError as error:
                raise CorruptArtifactError(
                    f"{one.label} cannot be measured ({error}): decide with --by-hand"
                ) from error
    figures = tuple(compare(counted[0], counted[1], metric))
    first, rest = figures[0], figures[1:]
    reason = f"{NAMES[metric]}: {'better' if first.better else 'not better'} beyond the interval"
    if worse := [NAMES[one.metric] for one in rest if one.worse]:
        reason += f"; worse beyond it: {', '.join(worse)}"
    return Verdict(candidate, champion, first.better, reason, figures)


def _tags(verdict: Verdict) -> dict[str, str]:
    """Say on the version why it was promoted, and what was measured."""
    tags = {
        "promoted": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "promoted.because": verdict.reason,
    }
    if verdict.champion is not None:
        tags["promoted.over"] = str(verdict.champion.number)
    for one in verdict.figures:
        tags[f"real/{one.metric}"] = f"{one.candidate:.3f}"
        tags[f"real/{one.metric}/difference"] = (
            f"{one.difference:+.3f} [{one.low:+.3f}, {one.high:+.3f}]"
        )
    return tags
