"""Runs and what changed between two of them, as tables, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from pipeline.habits.comparison import Answer, Comparison, Flip, Flips
from pipeline.habits.figures import key_figures
from pipeline.habits.history import Recorded
from pipeline.plain import counted, scalar, shortened, visible
from pipeline.render.table import ROOMY, WIDTH, console_for

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.options import PlainFormat, RunsFormat

TITLE = 60  # characters of a headline
WIDE = 130  # from here on there is room for the DVC experiment, which the name has too
HEADINGS = {  # of the key figures that a table has room for
    "boundary": "segmentation/f1",
    "topic": "topic/accuracy",
    "macro-F1": "topic/f1_macro",
    "country": "region/country/f1",
    "region": "region/subregion/f1",
    "end to\nend": "end_to_end/topic_accuracy",
}
LEGEND = (
    "On the held-out corpus: F1 of boundaries, countries and regions; main topic right, also end "
    "to end."
)
NAMES = {"topic": "main topic", "countries": "countries", "boundaries": "boundaries of a page"}


def write_runs(out: TextIO, runs: Sequence[Recorded], kind: RunsFormat, terminal: bool) -> None:
    """Write runs, newest first, with their key figures."""
    if kind == "table":
        _print_runs(console_for(out, terminal), runs)
    elif kind == "json":
        _write_json(out, [run_fields(run) | {"metrics": key_figures(run)} for run in runs])
    else:
        rows = [
            run_fields(run) | {"dirty": "true" if run.dirty else "false"} | key_figures(run)
            for run in runs
        ]
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        out.write(scalar(buffer.getvalue()))


def run_fields(run: Recorded) -> dict[str, Any]:
    """Return what tells a run from others; ``started`` is ISO 8601, in UTC."""
    return {
        "id": run.id,
        "name": run.name,
        "started": f"{run.started:%Y-%m-%dT%H:%M:%SZ}",
        "status": run.status,
        "commit": run.commit,
        "dirty": run.dirty,
        "experiment": run.experiment,
    }


def write_comparison(
    out: TextIO,
    found: Comparison,
    kind: PlainFormat,
    terminal: bool,
    rows: int,
    titles: Mapping[str, str],
) -> None:
    """Write what changed between two runs.

    :param rows: how many metrics, and how many flips of each task, a table shows.
    :param titles: what examples are called, by id.
    """
    if kind == "json":
        _write_json(out, _comparison_fields(found))
        return
    console = console_for(out, terminal)
    for letter, run in (("A", found.a), ("B", found.b)):
        console.print(_text(f"{letter}  {run.short}  {visible(run.name)}  {_when(run)}", "bold"))
    _print_params(console, found)
    _print_metrics(console, found, rows)
    if found.flips is None:
        without = " and ".join(run.short for run in found.unanswered)
        console.print(f"\nNo flips: {without} was recorded without its answers, or has lost them.")
    for flips in found.flips or ():
        _print_flips(console, flips, rows, titles)


def _comparison_fields(found: Comparison) -> dict[str, Any]:
    return {
        "a": run_fields(found.a),
        "b": run_fields(found.b),
        "params": msgspec.to_builtins(found.params),
        "metrics": msgspec.to_builtins(found.metrics),
        "flips": msgspec.to_builtins(found.flips),
    }


def _print_runs(console: Console, runs: Sequence[Recorded]) -> None:
    wide = console.width >= WIDE
    commits = console.width >= WIDTH
    experiments = wide and any(run.experiment for run in runs)
    headings = list(HEADINGS)[: 6 if console.width >= ROOMY else 3 if console.width >= 70 else 2]
    table = _table("run", "name", "started\n(UTC)")
    for heading in ("commit",) * commits + ("experiment",) * experiments + ("status", *headings):
        table.add_column(heading, justify="right" if heading in HEADINGS else "left")
    for column in table.columns:
        column.no_wrap = column.header not in ("name", "experiment")
    for run in runs:
        cells = [run.short, visible(run.name), _when(run) if wide else _when(run, "\n")]
        if commits:
            cells.append(f"{visible(run.commit or '–')[:7]}{'+' if run.dirty else ''}")
        if experiments:
            cells.append(visible(run.experiment or "–"))
        cells.append(run.status)
        cells += [_figure(run.metrics.get(HEADINGS[heading])) for heading in headings]
        table.add_row(*map(_text, cells))
    console.print(table)
    console.print(_text(LEGEND, "dim"))
    if any(run.dirty for run in runs):
        console.print(_text("+ with changes that were not committed", "dim"))


def _print_params(console: Console, found: Comparison) -> None:
    if not found.params:
        console.print("\nNo parameter differs.")
        return
    table = _table("parameter", "A", "B")
    for change in found.params:
        table.add_row(*(_text(visible(v or "–")) for v in (change.name, change.a, change.b)))
    console.print()
    console.print(table)


def _print_metrics(console: Console, found: Comparison, rows: int) -> None:
    if not found.metrics:
        console.print("\nNo metric differs.")
        return
    table = _table("metric")
    for heading in ("A", "B", "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("95% interval", no_wrap=True)
    verdicts = {None: "", True: "outside", False: "inside"}
    for shift in found.metrics[:rows]:
        style = "bold" if shift.outside else ""
        difference = "–" if shift.difference is None else f"{shift.difference:+.4f}"
        cells = (_figure(shift.a, 4), _figure(shift.b, 4), difference, verdicts[shift.outside])
        table.add_row(*(_text(cell, style) for cell in (visible(shift.name), *cells)))
    console.print()
    console.print(table)
    _print_rest(console, len(found.metrics) - rows, "metric", "metrics")


def _print_flips(console: Console, flips: Flips, rows: int, titles: Mapping[str, str]) -> None:
    title = (
        f"{NAMES[flips.task]}: {flips.right_to_wrong} right → wrong, "
        f"{flips.wrong_to_right} wrong → right, {flips.wrong_otherwise} wrong in another way, "
        f"of {flips.examples}"
    )
    if flips.apart:
        title += f"; {counted(flips.apart, 'example', 'examples')} not the same in both"
    console.print()
    console.print(_text(title, "bold"))
    if not flips.flips or not rows:
        return
    table = _table("", "example", "", "gold", "A", "B")
    table.columns[2].min_width = 16
    for flip in flips.flips[:rows]:
        said = _answers(flips, flip)
        name = visible(shortened(titles.get(flip.id, ""), TITLE))
        table.add_row(_text(_mark(flip)), _text(visible(flip.id)), _text(name), *said)
    console.print(table)
    _print_rest(console, len(flips.flips) - rows, "flip", "flips")


def _answers(flips: Flips, flip: Flip) -> tuple[Text, Text, Text]:
    show = _count if flips.task == "boundaries" else _labels
    a, b = (
        _text(show(said), "green" if right else "red")
        for said, right in ((flip.a, flip.a_right), (flip.b, flip.b_right))
    )
    return _text(show(flip.gold)), a, b


def _labels(answer: Answer) -> str:
    return visible(" ".join(map(str, answer))) or "–"


def _count(answer: Answer) -> str:
    return counted(len(answer), "cut", "cuts")


def _mark(flip: Flip) -> str:
    return "lost" if flip.a_right else "won" if flip.b_right else "wrong"


def _print_rest(console: Console, left: int, one: str, many: str) -> None:
    if left > 0:
        console.print(_text(f"… and {counted(left, one, many)} more: --rows N shows N", "dim"))


def _when(run: Recorded, between: str = " ") -> str:
    return f"{run.started:%Y-%m-%d}{between}{run.started:%H:%M}"


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _write_json(out: TextIO, plain: Any) -> None:
    out.write(scalar(json.dumps(plain, ensure_ascii=False, indent=2)) + "\n")


def _table(*headings: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style)
