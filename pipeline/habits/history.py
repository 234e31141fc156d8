"""Runs as they were recorded. Reading alone: nothing is created or changed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from pipeline.errors import MissingArtifactError, UsageError
from pipeline.habits.database import open_client, shown
from pipeline.store.layout import PREDICTIONS
from pipeline.store.predictions import Judged, read_predictions
from pipeline.tracking import PARENT_TAG

PAGE = 200  # runs that are asked for at a time
SHORT = 8  # characters of an id that are shown


class Recorded(Struct, frozen=True):
    """A run of the database. ``started`` is in UTC; ``status`` is MLflow's, in lower case."""

    id: str
    name: str
    started: datetime
    status: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]

    @property
    def short(self) -> str:
        """The first characters of the id."""
        return self.id[:SHORT]

    @property
    def commit(self) -> str | None:
        """The Git commit, if there was one."""
        return self.tags.get("git.commit")

    @property
    def dirty(self) -> bool:
        """Whether tracked files differed from the commit."""
        return self.tags.get("git.dirty") == "true"

    @property
    def experiment(self) -> str | None:
        """The DVC experiment, if it was one."""
        return self.tags.get("dvc.experiment")


def read_runs(uri: str, experiment: str, last: int | None = None) -> list[Recorded]:
    """Read the runs of an experiment, the newest first.

    :param last: so many at most.
    :raises MissingArtifactError: there is no run yet.
    :raises CorruptArtifactError: the database is not one that the installed MLflow can read.
    :raises UsageError: there is no such experiment.
    """
    with open_client(uri) as client:
        found = client.get_experiment_by_name(experiment)
        if found is None:
            _complain_of(experiment, client, uri)
        runs = list(_newest(client, found.experiment_id, last))
    if not runs:
        raise MissingArtifactError(f"no runs yet in experiment {experiment!r}: run `make repro`")
    return runs


def read_judged(uri: str, run: Recorded) -> list[Judged] | None:
    """Read what a run's models said of the held-out examples; none where it was not kept.

    :raises CorruptArtifactError: the file is of another version.
    """
    name = PREDICTIONS.name
    with open_client(uri) as client, tempfile.TemporaryDirectory() as folder:
        if name not in {item.path for item in client.list_artifacts(run.id)}:
            return None
        return read_predictions(Path(client.download_artifacts(run.id, name, folder)))


def find_run(runs: Sequence[Recorded], wanted: str) -> Recorded:
    """Find a run by its id or the start of it, its name, its DVC experiment, or its age.

    :param runs: newest first; ``latest`` is the first that finished, ``latest~1`` the one before.
    :raises UsageError: there is none, or more than one.
    """
    if age := re.fullmatch(r"latest(?:~(\d+))?", wanted):
        finished = [run for run in runs if run.status == "finished"]
        back = int(age[1] or 0)
        if back >= len(finished):
            raise UsageError(f"no run {wanted}: {len(finished)} finished; see `broadsheet runs`")
        return finished[back]
    named = [run for run in runs if wanted and wanted in (run.name, run.experiment)]
    begun = [run for run in runs if wanted and run.id.startswith(wanted.lower())]
    found = named or begun
    if not found:
        raise UsageError(f"no run {wanted!r}: `broadsheet runs` lists them")
    if len(found) > 1:
        which = ", ".join(run.id[: max(SHORT, len(wanted) + 4)] for run in found[:5])
        raise UsageError(
            f"{wanted!r} may be any of {len(found)} runs ({which}): give more of an id"
        )
    return found[0]


def _newest(client: Any, experiment: str, last: int | None) -> Iterator[Recorded]:
    """Yield the runs of pipelines; what these tried in a search lies below them."""
    token: str | None = None
    left = last
    while left is None or left > 0:
        page = client.search_runs(
            [experiment],
            max_results=PAGE,
            order_by=["attributes.start_time DESC"],
            page_token=token,
        )
        whole = [run for run in page if PARENT_TAG not in run.data.tags][:left]
        yield from map(_recorded, whole)
        left = None if left is None else left - len(whole)
        token = page.token
        if not token:
            return


def _recorded(run: Any) -> Recorded:
    return Recorded(
        id=run.info.run_id,
        name=run.info.run_name or "",
        started=datetime.fromtimestamp(run.info.start_time / 1000, UTC),
        status=run.info.status.lower(),
        params=dict(run.data.params),
        metrics=dict(run.data.metrics),
        tags={k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")},
    )


def _complain_of(experiment: str, client: Any, uri: str) -> None:
    others = sorted(found.name for found in client.search_experiments() if found.name != "Default")
    if not others:
        raise MissingArtifactError(f"no runs yet at {shown(uri)}: run `make repro`")
    raise UsageError(f"no experiment {experiment!r}: there is {', '.join(others)}")
