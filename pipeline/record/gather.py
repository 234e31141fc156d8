"""A run from the files of the pipeline alone: stages that DVC took from its cache are in it too."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Set
from importlib.metadata import version
from pathlib import Path

from pipeline.params import Params, flatten
from pipeline.record.details import candidates, cost_metrics, group_metrics, learning_curves
from pipeline.record.provenance import dvc_facts, git_facts
from pipeline.serving.card import read_card
from pipeline.store import metrics as store
from pipeline.store.bundle import Bundle, open_bundle
from pipeline.store.costs import read_costs
from pipeline.store.curves import read_curves
from pipeline.store.digest import file_sha256
from pipeline.store.layout import (
    ARTICLES,
    DETAILS,
    ENCODER,
    MANIFEST,
    METRICS,
    MODELS,
    PARAMS,
    PLOTS,
    PREDICTIONS,
    REGION_CURVE,
    REGION_HEAD,
    REGION_THRESHOLDS,
    REPORT,
    REPORTS,
    TEST_PAGES,
    TOPIC_CURVE,
    TOPIC_HEAD,
    TOPIC_THRESHOLDS,
    TRAIN_PAGES,
    require,
)
from pipeline.thresholds import read_trials
from pipeline.tracking import Data, Recording, Served

SUMMARY = REPORTS / "summary.md"
PROJECT = Path("pyproject.toml")
SCRIPT = Path("pipeline/record/served_model.py")
CURVES = (TOPIC_CURVE, REGION_CURVE)
CODE = (Path("pipeline"),)
VERSION_FIGURES = (
    *("segmentation/f1", "segmentation/pages_right", "topic/accuracy", "topic/f1_macro"),
    *("region/country/f1", "end_to_end/topic_accuracy"),
)
# What a program that only serves the model has no use for.
NOT_SERVED = {
    *("datasketch", "dvc", "filelock", "jinja2", "markupsafe", "matplotlib", "onnx", "packaging"),
    *("platformdirs", "rich", "scikit-learn", "torch", "tqdm", "typer"),
}
# Runs an encoder that could not be exported.
FALLBACK = "sentence-transformers"
EXAMPLE = (
    "FLOODS: River bursts its banks near Chiang Rai\n"
    "Rescue teams in northern Thailand moved 400 people to schools on Tuesday after two days "
    "of rain.\n"
    "BUDGET: Kenyan parliament passes finance bill\n"
    "Lawmakers in Nairobi approved the spending plan by a narrow margin ...\n",
)


def gather(params: Params, environ: Mapping[str, str]) -> Recording:
    """Read the reports, the bundle's manifest and the data's digests into one recording.

    :raises MissingArtifactError: a stage before this one has not run.
    """
    figures = store.flatten(store.read_metrics(METRICS, "dvc repro evaluate"))
    groups = group_metrics(store.read_metrics(DETAILS, "dvc repro evaluate"))
    costs = cost_metrics(read_costs())
    bundle = open_bundle(MODELS)
    digest = run_digest(params)
    tags = {
        **git_facts(),
        **dvc_facts(environ),
        "encoder": bundle.manifest.encoder,
        "broadsheet": bundle.manifest.broadsheet,
    }
    return Recording(
        experiment=params.record.experiment,
        name=run_name(tags, digest),
        digest=digest,
        params=flatten(params),
        metrics={**figures, **groups, **costs},
        tags={**tags, **source_tags(tags)},
        note=require(SUMMARY, "dvc repro evaluate").read_text(encoding="utf-8"),
        data=data_read(),
        files=(
            *((path, "") for path in (METRICS, DETAILS, SUMMARY, PARAMS)),
            *((path, path.parent.name) for path in CURVES),
            (require(PREDICTIONS, "dvc repro evaluate"), ""),
            (require(REPORT, "dvc repro report"), ""),
            (PLOTS, "plots"),
        ),
        model=served_model(params.record.model, bundle, version_tags(figures, tags)),
        curves=learning_curves(read_curves()),
        candidates=candidates(
            {TOPIC_HEAD: read_trials(TOPIC_THRESHOLDS), REGION_HEAD: read_trials(REGION_THRESHOLDS)}
        ),
    )


def run_digest(params: Params) -> str:
    """Return the SHA-256 of what makes a run this run: parameters, figures and models.

    What the stages cost is no part of it: a run that took longer is the same run.
    """
    digest = hashlib.sha256(json.dumps(flatten(params), sort_keys=True).encode())
    for path in (METRICS, DETAILS, *CURVES, MODELS / MANIFEST):
        digest.update(file_sha256(require(path, "make repro")).encode())
    return digest.hexdigest()


def run_name(tags: Mapping[str, str], digest: str) -> str:
    """Name a run by its DVC experiment, else by its commit, then by its digest.

    >>> run_name({"git.commit": "0f3c9a7be2", "git.dirty": "true"}, "8d1e44aa")
    '0f3c9a7+ 8d1e44a'
    """
    commit = tags["git.commit"][:7] if "git.commit" in tags else "no commit"
    dirty = "+" if tags.get("git.dirty") == "true" else ""
    return f"{tags.get('dvc.experiment', commit + dirty)} {digest[:7]}"


def source_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Fill the columns Source and Version of the MLflow UI."""
    source = {"mlflow.source.name": "dvc repro", "mlflow.source.type": "LOCAL"}
    if "git.commit" in tags:
        source["mlflow.source.git.commit"] = tags["git.commit"]
    return source


def data_read() -> tuple[Data, ...]:
    """Name the data sets behind the figures, with their digests."""
    read = (
        ("articles", ARTICLES, "training", "dvc repro ingest"),
        ("training pages", TRAIN_PAGES, "training", "dvc repro mix"),
        ("held-out pages", TEST_PAGES, "testing", "dvc repro mix"),
    )
    return tuple(
        Data(name, path, file_sha256(require(path, command)), use)
        for name, path, use, command in read
    )


def version_tags(figures: Mapping[str, float], tags: Mapping[str, str]) -> dict[str, str]:
    """Say of a version in the registry how good it is on the held-out corpus, and whence it comes.

    >>> version_tags({"topic/accuracy": 0.87412, "topic/brier": 0.2}, {"git.commit": "0f3c9a7"})
    {'topic/accuracy': '0.874', 'git.commit': '0f3c9a7'}
    """
    key = {name: f"{figures[name]:.3f}" for name in VERSION_FIGURES if name in figures}
    whence = ("git.commit", "git.dirty", "dvc.experiment", "encoder")
    return key | {name: tags[name] for name in whence if name in tags}


def served_model(name: str, bundle: Bundle, tags: Mapping[str, str]) -> Served:
    """Describe the bundle as a model that serves the text of a page as a JSON document."""
    exported = read_card(bundle.folder / ENCODER).exported
    without = NOT_SERVED | ({FALLBACK} if exported else set())
    return Served(name, SCRIPT, bundle.folder, CODE, pinned(PROJECT, without), EXAMPLE, tags)


def pinned(project: Path, without: Set[str] = NOT_SERVED) -> tuple[str, ...]:
    """Pin the project's dependencies, as installed here, less those that serving does without.

    A build tag such as ``+cpu`` is dropped: package indexes do not know it.
    """
    wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [match[0] for item in wanted if (match := re.match(r"[\w.-]+", item))]
    return tuple(
        f"{name}=={version(name).partition('+')[0]}" for name in names if name not in without
    )
