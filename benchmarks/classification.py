"""Compare topics and countries with what people put together today, side by side on real text.

``python -m benchmarks.classification --shared FOLDER``. A tool that is not installed is left out
with a note. Writes ``reports/classification_benchmark.json`` and ``.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import typer

if not __package__:  # run as a file: its own folder is on the path, and the project's is not
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.options import SHARED, Debug, ModelsFolder, Reports, Sets, Shared
from benchmarks.report import grid
from pipeline.console import guarded, say
from pipeline.errors import UsageError
from pipeline.store.layout import LABELS_COMPARISON, MODELS, REPORTS

if TYPE_CHECKING:
    from benchmarks.labelled import Item, Task
    from benchmarks.labellers import Bench, Labeller, Named

RESAMPLES = 1000
SEED = 19

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


@app.command()
def classification(
    shared: Shared = SHARED,
    sets: Sets = "",
    models: ModelsFolder = MODELS,
    reports: Reports = REPORTS,
    debug: Debug = False,
) -> None:
    """Compare topics and countries with other ways to name them, on real text."""
    with guarded("classification", debug):
        from benchmarks.labelled import place_tasks, topic_tasks
        from benchmarks.labellers import PLACE_LABELLERS, TOPIC_LABELLERS, Bench
        from pipeline.classify import Classifier
        from pipeline.encoder import MemoEncoder, SentenceTransformerEncoder
        from pipeline.params import load_params
        from pipeline.store.atomic import write_text
        from pipeline.store.metrics import write_metrics

        classifier = Classifier.load(models)
        classifier.encoder = MemoEncoder(classifier.encoder)
        bench = Bench(classifier, MemoEncoder(SentenceTransformerEncoder()), load_params())
        every = {"topics": list(topic_tasks(shared)), "places": list(place_tasks(shared))}
        known = {task.name for tasks in every.values() for task in tasks}
        wanted = {name.strip() for name in sets.split(",") if name.strip()} or known
        if wanted - known:
            names = ", ".join(sorted(known))
            raise UsageError(f"no set {sorted(wanted - known)[0]!r}: they are {names}")
        labellers = {"topics": TOPIC_LABELLERS, "places": PLACE_LABELLERS}
        found = {
            kind: [_row(task, labellers[kind], bench) for task in tasks if task.name in wanted]
            for kind, tasks in every.items()
        }
        path = reports / LABELS_COMPARISON.name
        write_metrics(path, found)
        write_text(path.with_suffix(".md"), report(found))
        typer.echo(report(found))


def _row(task: Task, labellers: Sequence[Labeller], bench: Bench) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for labeller in labellers:
        if not labeller.there:
            say("classification", f"{labeller.name}: left out, `pip install {labeller.package}`")
            continue
        parts = task.taught if labeller.taught else task.parts
        if not parts:
            continue
        say("classification", f"{task.name}: {labeller.name}")
        begun = perf_counter()
        test: list[Item] = []
        named: Named = []
        for train, held in parts:
            test.extend(held)
            named.extend(labeller.learn(bench, task, train, held))
        figures[labeller.name] = {**measure(test, named), "seconds": perf_counter() - begun}
    stories = sum(len(held) for _, held in task.parts)
    return {"name": task.name, "what": task.what, "stories": stories, "methods": figures}


def measure(items: Sequence[Item], named: Named) -> dict[str, float]:
    """Score named labels: the main one, and the set; bounds of 95% bootstrap intervals."""
    import numpy as np

    from pipeline.evaluate import classification as labels
    from pipeline.evaluate.intervals import f1_interval, mean_interval

    truths = [labels.Truth(item.labels, frozenset(item.also), item.main) for item in items]
    right = labels.main_right(truths, named)
    low, high = mean_interval(right, RESAMPLES, np.random.default_rng(SEED))
    sets = labels.set_scores(truths, named)
    counts = labels.set_counts(truths, named)
    set_low, set_high = f1_interval(counts, RESAMPLES, np.random.default_rng(SEED))
    return {
        "accuracy": float(right.mean()),
        "accuracy_low": low,
        "accuracy_high": high,
        "f1_macro": labels.macro_f1(labels.main_pairs(truths, named)),
        "f1": sets.f1,
        "f1_low": set_low,
        "f1_high": set_high,
    }


def report(found: Mapping[str, Any]) -> str:
    """Set the figures out as Markdown."""
    return "\n".join(
        [
            "# Topics and countries, beside other ways to name them",
            "",
            "Of topics every method learns from the same items (SetFit from a few of each label, "
            "as its users do). All are measured on the same ones. Brackets hold 95% bootstrap "
            "intervals; the best of a row is bold.",
            "",
            "## Topics: main one right",
            "",
            *_table(found["topics"], "accuracy"),
            "",
            "## Topics: macro-F1 of the main one",
            "",
            *_table(found["topics"], "f1_macro"),
            "",
            "## Countries in focus: micro-F1",
            "",
            *_table(found["places"], "f1"),
            "",
            "Taught: the country ranker trained on a set's own stories alone, as on a corpus of "
            "one's own; the others are asked as they come, and learn nothing of what a set calls "
            "in focus.",
            "",
            "## Sets",
            "",
            *(
                f"- `{row['name']}` ({row['stories']}): {row['what']}"
                for row in [*found["topics"], *found["places"]]
            ),
            "",
        ]
    )


def _table(rows: Sequence[Mapping[str, Any]], key: str) -> list[str]:
    if not rows:
        return ["Not run."]
    names = max((list(row["methods"]) for row in rows), key=len)  # what only learns is not in all
    lines = [["", *names]]
    for row in rows:
        own = row["methods"]
        best = max(f"{figures[key]:.3f}" for figures in own.values())
        cells = [_cell(own[name], key, best) if name in own else "–" for name in names]
        lines.append([f"`{row['name']}`", *cells])
    return [grid(lines)]


def _cell(own: Mapping[str, float], key: str, best: str) -> str:
    value = f"{own[key]:.3f}"
    marked = f"**{value}**" if value == best else value
    if f"{key}_low" not in own:
        return marked
    return f"{marked} [{own[f'{key}_low']:.3f}, {own[f'{key}_high']:.3f}]"


if __name__ == "__main__":
    app()
