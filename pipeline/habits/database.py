"""May MLflow open this place to read? It creates and migrates what it opens, so ask first.

A SQLite database is looked at read-only, without mlflow, and its schema held against the
migrations that come with the installed MLflow. Servers and other databases are taken as they are.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlparse

from pipeline.errors import BroadsheetError, CorruptArtifactError, MissingArtifactError
from pipeline.plain import visible
from pipeline.tracking import DATABASE, project_root, quiet_mlflow, tracking_uri
from pipeline.whereabouts import of_project

MIGRATIONS = Path("store/db_migrations/versions")
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///(?P<path>[^?]*)")
_REVISION = re.compile(r"^(down_)?revision\b[^=\n]*=(.*)$", re.MULTILINE)


def runs_uri(environ: Mapping[str, str]) -> str:
    """Return where the runs are: as the environment says, else here or where the project lies."""
    if environ.get("DVC_ROOT") or environ.get("MLFLOW_TRACKING_URI"):
        return tracking_uri(project_root(environ), environ)
    return tracking_uri(of_project(Path(DATABASE)).resolve().parent, environ)


def shown(uri: str) -> str:
    """Return ``uri`` without a name and password.

    >>> shown("postgresql://me:secret@host/runs")
    'postgresql://…@host/runs'
    """
    return visible(re.sub(r"//[^/]*@", "//…@", uri))


def sqlite_file(uri: str) -> Path | None:
    """Return the file of a SQLite database; none for any other place.

    >>> sqlite_file("sqlite:////tmp/mlflow.db").as_posix()
    '/tmp/mlflow.db'
    """
    match = _SQLITE.match(uri)
    return Path(match["path"]) if match else None


def require_readable(uri: str) -> str | None:
    """Refuse a place that MLflow would create, change or not understand on opening it.

    :returns: the schema of a SQLite database; none for any other place.
    :raises MissingArtifactError: there is nothing yet.
    :raises CorruptArtifactError: it is no database of MLflow's, or of another schema.
    """
    path = sqlite_file(uri)
    if path is None:
        folder = _folder(uri)
        if folder is not None and not folder.is_dir():
            raise MissingArtifactError(f"no runs yet in {folder}: run `make repro`")
        return None
    found = schema_of(path)
    known = known_schemas()
    if found not in known:
        raise CorruptArtifactError(
            f"{path} has schema {found}, which MLflow {version('mlflow')} does not know: run "
            f"`pip install --upgrade mlflow`"
        )
    if not known[found]:
        raise CorruptArtifactError(
            f"{path} is of an older MLflow than {version('mlflow')}: run "
            f"`mlflow db upgrade {shown(uri)}` on a copy, and put that in its place"
        )
    return found


@contextmanager
def open_client(uri: str) -> Iterator[Any]:
    """Open MLflow's client on ``uri``, runs and registry both.

    :raises MissingArtifactError: there is nothing yet.
    :raises CorruptArtifactError: the database is not one that the installed MLflow can read.
    :raises BroadsheetError: MLflow could not do what it was asked in the body of ``with``.
    """
    require_readable(uri)
    # A server that is not there is given up soon, not after minutes.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    with quiet_mlflow() as mlflow:
        try:
            yield mlflow.MlflowClient(uri, registry_uri=uri)
        except (mlflow.exceptions.MlflowException, ImportError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise BroadsheetError(
                f"the runs at {shown(uri)} cannot be used ({shown(reason[:200])}): see "
                f"`broadsheet doctor`"
            ) from error


def schema_of(path: Path) -> str:
    """Read the schema of a database, read-only.

    :raises MissingArtifactError: there is no such file, or it is empty.
    :raises CorruptArtifactError: it is no database of MLflow's.
    """
    if not path.is_file() or not path.stat().st_size:
        raise MissingArtifactError(f"no runs yet ({path} is not here): run `make repro`")
    place = f"file:{quote(str(path.resolve()))}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True, timeout=5)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise CorruptArtifactError(
            f"{path} is no MLflow database ({error}): move it away and run `make repro`"
        ) from error
    return visible(str(row[0])) if row else "none"


def known_schemas() -> dict[str, bool]:
    """Name every schema that the installed MLflow knows; true for the one that it writes.

    :raises MissingArtifactError: MLflow is not installed.
    """
    spec = importlib.util.find_spec("mlflow")
    if spec is None or spec.origin is None:
        raise MissingArtifactError("MLflow is not installed: run `pip install mlflow`")
    known: set[str] = set()
    replaced: set[str] = set()
    for file in (Path(spec.origin).parent / MIGRATIONS).glob("*.py"):
        for down, value in _REVISION.findall(file.read_text(encoding="utf-8")):
            (replaced if down else known).update(re.findall(r"[\"'](\w+)[\"']", value))
    return {name: name not in replaced for name in known}


def _folder(uri: str) -> Path | None:
    parsed = urlparse(uri)
    if parsed.scheme == "file":
        return Path(unquote(parsed.path))
    return None if parsed.scheme else Path(uri)
