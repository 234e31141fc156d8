"""Every method on every set: cut, score, take the time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from tqdm import tqdm

from benchmarks.encoding import SharedEncoder
from benchmarks.roster import Bench, Built, Method, build, installed
from benchmarks.scores import Score, figures, score, subset_figures
from benchmarks.sets import SETS, WHOLE, Document, Sample, SetSpec, check_present, load_set
from benchmarks.tuning import half
from pipeline.encoder import Encoder

Figures = dict[str, Any]


class Sizes(NamedTuple):
    """How much is taken of each set: ``documents`` (0: all) of at most ``lines`` (0: any)."""

    documents: int
    lines: int


class Run(NamedTuple):
    """One method on one set; seconds without encoding, and those of encoding its texts."""

    scores: list[Score]
    seconds: float
    encoding_seconds: float


def compare(
    shared: Path,
    specs: Sequence[SetSpec],
    methods: Sequence[Method],
    sizes: Sizes,
    models: Path,
    encoder: Encoder,
) -> Figures:
    """Run the comparison.

    :param encoder: what every other tool encodes with.
    :returns: ``documents``, ``lines``, ``encoder`` and ``segeval``; lists ``methods`` and
        ``sets`` in the order of the tables, a set's figures by the name of the method.
    :raises UsageError: the folder or a set is not there.
    """
    check_present(shared, specs)
    shared_encoder = SharedEncoder(encoder, squeeze=True)
    tuning = cache(lambda: half(_pages(shared)))
    bench = Bench(shared_encoder, models, tuning)
    built = {method.name: build(method, bench) for method in methods}
    running = {name: each for name, each in built.items() if isinstance(each, Built)}
    sets: list[Figures] = []
    for spec in specs:
        sample = load_set(shared, spec, sizes.documents, sizes.lines)
        runs = run_set(spec.name, sample.documents, running)
        sets.append(_set_record(spec, sample, runs))
    return {
        "documents": sizes.documents,
        "lines": sizes.lines,
        "encoder": encoder.fingerprint,
        "segeval": installed("segeval"),
        "methods": [_method_record(method, built[method.name]) for method in methods],
        "sets": sets,
    }


def _pages(shared: Path) -> list[Document]:
    pages = next(spec for spec in SETS if spec.name == WHOLE)
    check_present(shared, [pages])
    return load_set(shared, pages, 0, 0).documents


def run_set(
    name: str, documents: Sequence[Document], methods: Mapping[str, Built]
) -> dict[str, Run]:
    """Run the methods on a set, one after the other; vectors are dropped at its end."""
    runs: dict[str, Run] = {}
    with tqdm(total=len(documents) * len(methods), file=sys.stderr, disable=None) as bar:
        for method, built in methods.items():
            bar.set_description(f"{name}: {method}")
            runs[method] = _run(documents, built, bar.update)
    for built in methods.values():
        if built.encoder:
            built.encoder.forget()
    return runs


def _run(documents: Sequence[Document], built: Built, step: Callable[[], Any]) -> Run:
    if built.encoder:
        built.encoder.open_account()
    scores: list[Score] = []
    elapsed = 0.0
    for document in documents:
        begun = perf_counter()
        starts = built.cut(document.page.text)
        elapsed += perf_counter() - begun
        scores.append(score(document, starts))
        step()
    if built.encoder is None:
        return Run(scores, elapsed, 0.0)
    return Run(scores, elapsed - built.encoder.spent, built.encoder.charged)


def _set_record(spec: SetSpec, sample: Sample, runs: Mapping[str, Run]) -> Figures:
    subsets: dict[str, Figures] = {}
    for name, run in runs.items():
        for subset, found in subset_figures(run.scores).items():
            subsets.setdefault(subset, {})[name] = found
    return {
        "name": spec.name,
        "what": spec.what,
        "seen": spec.seen,
        "unseen": spec.unseen,
        "documents": len(sample.documents),
        "size": sample.size,
        "too_long": sample.too_long,
        "methods": {
            name: {
                **figures(run.scores),
                "seconds": run.seconds,
                "encoding_seconds": run.encoding_seconds,
            }
            for name, run in runs.items()
        },
        "subsets": subsets,
    }


def _method_record(method: Method, built: Built | str) -> Figures:
    return {
        "name": method.name,
        "label": method.label,
        "tool": method.tool,
        "variant": method.variant,
        "package": method.package,
        "version": method.version,
        "note": built if isinstance(built, str) else built.setting,
        "run": isinstance(built, Built),
    }
