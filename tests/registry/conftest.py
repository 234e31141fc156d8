from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import tracking
from pipeline.store.bundle import Manifest, hash_files, write_manifest
from pipeline.tracking import Served
from tests.habits.book import recording

ROOT = Path(__file__).parents[2]
UNREADABLE = 99  # a format of bundles that is still to come
SCRIPT = """
from pipeline.tracking import serve

serve(lambda folder: lambda texts: [(folder / "word.txt").read_text() for _ in texts])
"""


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database with three versions of a model called broadsheet."""
    root = tmp_path_factory.mktemp("registered")
    uri = tracking.tracking_uri(root, {})
    (root / "script.py").write_text(SCRIPT)
    code = root / "code_of_its_own"
    code.mkdir()
    (code / "__init__.py").write_text("")
    for number in (1, 2, 3):
        bundle = root / f"bundle-{number}"
        bundle.mkdir()
        (bundle / "word.txt").write_text(f"word {number}")
        manifest = Manifest(
            UNREADABLE, "0.1.0", "fake", "fake@1", ("sport",), (), {}, hash_files(bundle)
        )
        write_manifest(bundle, manifest)
        tags = {"topic/accuracy": f"0.8{number}0", "git.commit": f"{number}0abd48fe1"}
        model = Served("broadsheet", root / "script.py", bundle, (code,), (), ("a",), tags)
        made = recording(root / f"in-{number}", f"run {number}", None, model=model)
        tracking.write_run(made, root, uri)
    return root


@pytest.fixture
def project(registered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a copy of that database, in which nobody is champion."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.whereabouts.PROJECT", tmp_path / "elsewhere")
    for name in ("DVC_ROOT", "MLFLOW_TRACKING_URI", "BROADSHEET_MODELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "110")
    (tmp_path / "mlflow.db").write_bytes((registered / "mlflow.db").read_bytes())
    for name in ("params.yaml", "data/iptc.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path
