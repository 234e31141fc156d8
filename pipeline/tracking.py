"""MLflow: one run a pipeline execution, and the bundle as a registered model.

This is the only module that imports mlflow. It knows nothing of news: it takes a
:class:`Recording`, which ``record`` fills from files, and writes it down once. A second recording
with the same digest finds the first and adds nothing.

The runs of every workspace go to one place: ``mlflow.db`` and ``mlruns/`` in the project's root.
DVC names that root to its stages in ``DVC_ROOT``, and in the temporary folders of
``dvc exp run --temp`` and ``--queue`` it still names the root of the real repository, so that
experiments run side by side meet in one database. ``MLFLOW_TRACKING_URI`` overrides it.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

DIGEST_TAG = "broadsheet.digest"
CHOSEN_TAG = "broadsheet.chosen"
PARENT_TAG = "mlflow.parentRunId"  # MLflow shows a run that has it below the one it names
DATABASE = "mlflow.db"
ARTIFACTS = "mlruns"
LOCK = "mlflow.db.lock"
TEXT_COLUMN = "text"
NOTE = 5000  # characters of the note: a tag's value may hold no more than 8,000 bytes
PARAMS_AT_ONCE, METRICS_AT_ONCE = 100, 1000  # what an MLflow server takes in one request
Item = TypeVar("Item")

Predict = Callable[[Sequence[str]], list[str]]


class Data(NamedTuple):
    """A file that the run read: ``digest`` is its SHA-256, ``use`` training or testing."""

    name: str
    path: Path
    digest: str
    use: str


class Served(Struct, frozen=True):
    """The model of a run.

    :param name: in the model registry.
    :param script: the file that calls :func:`serve`; MLflow stores it and runs it to load.
    :param bundle: the folder of trained models.
    :param code: packages that the script imports.
    :param requirements: pinned, ``name==version``.
    :param example: texts to show how it is called.
    :param tags: what its version in the registry says of it.
    """

    name: str
    script: Path
    bundle: Path
    code: tuple[Path, ...]
    requirements: tuple[str, ...]
    example: tuple[str, ...]
    tags: Mapping[str, str] = {}


class Candidate(NamedTuple):
    """One of several that the run tried: it becomes a run below the run."""

    name: str
    params: Mapping[str, str | int | float]
    metrics: Mapping[str, float]
    chosen: bool


class Recording(Struct, frozen=True):
    """All that one run says. ``files`` are files or folders by their folder in the run.

    ``curves`` are metrics that have several values, each at a step.
    """

    experiment: str
    name: str
    digest: str
    params: Mapping[str, str | int | float]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    note: str
    data: tuple[Data, ...]
    files: tuple[tuple[Path, str], ...]
    model: Served | None = None
    curves: Mapping[str, tuple[tuple[int, float], ...]] = {}
    candidates: tuple[Candidate, ...] = ()


class Run(NamedTuple):
    """A run in MLflow; ``new`` is false where it had been recorded before."""

    id: str
    name: str
    new: bool


def project_root(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the root of the real repository, also from an experiment's temporary folder."""
    return Path(environ.get("DVC_ROOT") or ".").resolve()


def tracking_uri(root: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Return where runs go: ``MLFLOW_TRACKING_URI``, or the SQLite database in ``root``."""
    return environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{root / DATABASE}"


def write_run(recording: Recording, root: Path, uri: str) -> Run:
    """Write a run with its model, unless a finished run with the same digest is there.

    One process at a time: an empty SQLite database is laid out by whoever opens it first, and two
    that do so at once break each other's migrations.

    :param root: holds the lock and, for the database beside it, the artifacts.
    :param uri: where MLflow in this process reads and writes from now on.
    """
    from filelock import FileLock

    with FileLock(root / LOCK), quiet_mlflow() as mlflow:
        mlflow.set_tracking_uri(uri)
        experiment = _experiment(mlflow, recording.experiment, root, uri)
        found = _find(mlflow, experiment, recording.digest)
        if found is not None:
            return Run(found.info.run_id, found.info.run_name, new=False)
        # A run id of its own: start_run() would join one named in MLFLOW_RUN_ID.
        created = mlflow.MlflowClient().create_run(experiment, run_name=recording.name)
        with mlflow.start_run(run_id=created.info.run_id, log_system_metrics=False):
            _log_settings(mlflow, recording)
            model = None if recording.model is None else _log_model(mlflow, recording.model)
            _log_metrics(mlflow, created.info.run_id, recording, model)
            _log_files(mlflow, recording)
            _log_candidates(mlflow, experiment, created.info.run_id, recording.candidates)
            mlflow.set_tag(DIGEST_TAG, recording.digest)
        return Run(created.info.run_id, recording.name, new=True)


def serve(open_bundle: Callable[[Path], Predict]) -> None:
    """Make ``open_bundle`` the model of the script that calls this (models from code).

    :param open_bundle: from the bundle's folder to a function from ``n`` texts to ``n`` results.
    """
    with quiet_mlflow() as mlflow:
        base: Any = mlflow.pyfunc.PythonModel

        class Model(base):  # type: ignore[misc]
            def load_context(self, context: Any) -> None:
                self.classify = open_bundle(Path(context.artifacts["bundle"]))

            # Without type hints: MLflow would read them as the model's signature.
            def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
                return self.classify([str(text) for text in model_input[TEXT_COLUMN]])

        mlflow.models.set_model(Model())


def fetch_artifacts(source: str, folder: Path, uri: str) -> Path:
    """Fetch a folder of artifacts into ``folder``; return where it lies there.

    :param uri: of the tracking server that ``source`` may be relative to.
    """
    with quiet_mlflow() as mlflow:
        fetched = mlflow.artifacts.download_artifacts(
            artifact_uri=source, dst_path=str(folder), tracking_uri=uri
        )
        return Path(fetched)


def metric_name(name: str) -> str:
    """Replace what MLflow does not take in a metric's name.

    >>> metric_name("segmentation/f1 (headline, caps)")
    'segmentation/f1 _headline_ caps_'
    """
    return re.sub(r"[^\w\-. :/]", "_", name)


@contextmanager
def quiet_mlflow() -> Iterator[Any]:
    """Import mlflow, and hold its logging and warnings down while it is used."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read when mlflow is imported
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    import logging
    import warnings

    # Recorded and dropped: mlflow overrides a filter that ignores them.
    with warnings.catch_warnings(record=True):
        import mlflow

        loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield mlflow
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def _experiment(mlflow: Any, name: str, root: Path, uri: str) -> str:
    client = mlflow.MlflowClient()
    found = client.get_experiment_by_name(name)
    if found is not None:
        if found.lifecycle_stage == "deleted":
            client.restore_experiment(found.experiment_id)
        return str(found.experiment_id)
    beside = uri == f"sqlite:///{root / DATABASE}"
    location = (root / ARTIFACTS).as_uri() if beside else None
    return str(client.create_experiment(name, artifact_location=location))


def _find(mlflow: Any, experiment: str, digest: str) -> Any | None:
    runs = mlflow.MlflowClient().search_runs(
        [experiment],
        filter_string=f"tags.`{DIGEST_TAG}` = '{digest}' and attributes.status = 'FINISHED'",
        max_results=1,
    )
    return runs[0] if runs else None


def _log_settings(mlflow: Any, recording: Recording) -> None:
    from mlflow.data.dataset_source_registry import resolve_dataset_source
    from mlflow.data.meta_dataset import MetaDataset

    for params in _batches(recording.params.items(), PARAMS_AT_ONCE):
        mlflow.log_params(dict(params))
    mlflow.set_tags({**recording.tags, "mlflow.note.content": recording.note[:NOTE]})
    for data in recording.data:
        source = resolve_dataset_source(str(data.path.resolve()))
        dataset = MetaDataset(source, name=data.name, digest=data.digest[:16])
        mlflow.log_input(dataset, context=data.use)


def _log_files(mlflow: Any, recording: Recording) -> None:
    for path, folder in recording.files:
        if path.is_dir():
            mlflow.log_artifacts(str(path), folder or None)
        else:
            mlflow.log_artifact(str(path), folder or None)


def _log_metrics(mlflow: Any, run: str, recording: Recording, model: str | None) -> None:
    """Log metrics of the run and of its model at once.

    Had they been logged before the model, MLflow would look each up again to give it to the model.
    """
    metrics = _metrics(mlflow, recording.metrics, model=model)
    for name, points in recording.curves.items():
        for step, value in points:
            metrics += _metrics(mlflow, {name: value}, step)
    client = mlflow.MlflowClient()
    for batch in _batches(metrics, METRICS_AT_ONCE):
        client.log_batch(run, metrics=batch)


def _metrics(
    mlflow: Any, figures: Mapping[str, float], step: int = 0, model: str | None = None
) -> list[Any]:
    now = int(time.time() * 1000)
    named = {metric_name(name): value for name, value in figures.items()}
    return [
        mlflow.entities.Metric(name, value, now, step, model_id=model)
        for name, value in named.items()
    ]


def _log_candidates(
    mlflow: Any, experiment: str, parent: str, candidates: Sequence[Candidate]
) -> None:
    client = mlflow.MlflowClient()
    for candidate in candidates:
        tags = {PARENT_TAG: parent, CHOSEN_TAG: "true" if candidate.chosen else "false"}
        run = client.create_run(experiment, run_name=candidate.name, tags=tags).info.run_id
        client.log_batch(
            run,
            metrics=_metrics(mlflow, candidate.metrics),
            params=[mlflow.entities.Param(k, str(v)) for k, v in candidate.params.items()],
        )
        client.set_terminated(run)


def _log_model(mlflow: Any, model: Served) -> str:
    """Log and register a model; return its id."""
    import pandas as pd
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    text, document = ColSpec(DataType.string, TEXT_COLUMN), ColSpec(DataType.string)
    logged = mlflow.pyfunc.log_model(
        name="bundle",
        python_model=str(model.script),
        artifacts={"bundle": str(model.bundle)},
        code_paths=[str(path) for path in model.code],
        signature=ModelSignature(inputs=Schema([text]), outputs=Schema([document])),
        input_example=pd.DataFrame({TEXT_COLUMN: list(model.example)}),
        pip_requirements=list(model.requirements),
        registered_model_name=model.name,
    )
    client = mlflow.MlflowClient()
    for name, value in model.tags.items():
        client.set_model_version_tag(model.name, str(logged.registered_model_version), name, value)
    return str(logged.model_id)


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
