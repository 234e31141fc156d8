from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.habits import database

OLD = "451aebb31d03"  # the first migration that MLflow ever had


def with_schema(path: Path, schema: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
        connection.execute("DELETE FROM alembic_version")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (schema,))
        connection.commit()
    return f"sqlite:///{path}"


def test_what_mlflow_writes_can_be_read(written: Path) -> None:
    schema = database.require_readable(f"sqlite:///{written / 'mlflow.db'}")
    assert [name for name, newest in database.known_schemas().items() if newest] == [schema]


def test_the_schemas_are_those_that_mlflow_itself_names() -> None:
    from mlflow.store.db.utils import _get_latest_schema_revision

    known = database.known_schemas()
    assert known[_get_latest_schema_revision()]
    assert sum(known.values()) == 1
    assert known[OLD] is False


@pytest.mark.parametrize(
    ("schema", "remedy"),
    [
        (OLD, "run `mlflow db upgrade sqlite://"),
        ("fffffffffff1", "run `pip install --upgrade mlflow`"),
    ],
)
def test_another_schema_is_refused_and_left_as_it_is(
    tmp_path: Path, schema: str, remedy: str
) -> None:
    path = tmp_path / "mlflow.db"
    uri = with_schema(path, schema)
    before = hashlib.sha256(path.read_bytes()).digest()
    with pytest.raises(CorruptArtifactError, match=remedy):
        database.require_readable(uri)
    assert hashlib.sha256(path.read_bytes()).digest() == before


@pytest.mark.parametrize("data", [None, b""])
def test_no_database_is_made(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "mlflow.db"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(MissingArtifactError, match=r"no runs yet .*: run `make repro`"):
        database.require_readable(f"sqlite:///{path}")
    assert (path.read_bytes() if path.exists() else None) == data
    with pytest.raises(MissingArtifactError, match="make repro"):
        database.require_readable((tmp_path / "mlruns").as_uri())
    assert not (tmp_path / "mlruns").exists()


def test_what_is_no_database_of_mlflow_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.write_bytes(b"not a database, and long enough to be read as one" * 100)
    with pytest.raises(CorruptArtifactError, match="no MLflow database"):
        database.require_readable(f"sqlite:///{path}")
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (id TEXT)")
    with pytest.raises(CorruptArtifactError, match="move it away"):
        database.require_readable(f"sqlite:///{path}")


def test_where_runs_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, project = tmp_path / "here", tmp_path / "project"
    here.mkdir()
    project.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("pipeline.whereabouts.PROJECT", project)
    assert database.runs_uri({}) == f"sqlite:///{here}/mlflow.db"
    (project / "mlflow.db").touch()
    assert database.runs_uri({}) == f"sqlite:///{project}/mlflow.db"
    (here / "mlflow.db").touch()
    assert database.runs_uri({}) == f"sqlite:///{here}/mlflow.db"
    assert database.runs_uri({"DVC_ROOT": str(tmp_path)}) == f"sqlite:///{tmp_path}/mlflow.db"
    assert database.runs_uri({"MLFLOW_TRACKING_URI": "http://host"}) == "http://host"


def test_no_secret_is_shown() -> None:
    assert database.shown("mysql://me:p@ss@host:1/runs") == "mysql://…@host:1/runs"
    assert database.shown("sqlite:////home/me/mlflow.db") == "sqlite:////home/me/mlflow.db"


def test_looking_does_not_import_mlflow(written: Path) -> None:
    script = (
        "import sys\n"
        "from pipeline.habits.database import require_readable\n"
        f"require_readable('sqlite:///{written / 'mlflow.db'}')\n"
        "sys.exit('mlflow' in sys.modules)\n"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
