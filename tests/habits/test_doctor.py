from __future__ import annotations

import http.server
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pipeline.encoder import PACKAGED
from pipeline.errors import CorruptArtifactError
from pipeline.habits import installation, trained
from pipeline.habits.doctor import CHECKS, Finding, examine
from pipeline.habits.setup import Setup, Skipped, Trouble
from pipeline.packs.pack import write_pack
from pipeline.packs.packing import make_pack
from pipeline.serving.card import Card, read_card, write_card
from pipeline.store.bundle import FORMAT, Manifest, hash_files, read_manifest, write_manifest
from pipeline.store.digest import file_sha256
from pipeline.whereabouts import project_folder
from tests.encoders import HashedEncoder
from tests.tiny import some_articles

ROOT = Path(__file__).parents[2]
LOCK = """stages:
  mix:
    outs:
    - {path: data/pages, size: 5, nfiles: 2}
    - {path: models/a.bin, size: 3}
"""


@pytest.fixture
def setup(project: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    """A project with all in its place, its weights made up."""
    monkeypatch.setattr(trained, "packaged_fingerprint", lambda: f"{PACKAGED}@0")
    marks = []
    for name in ("encoder", "reader"):
        taught = project / "data" / name / f"{name}.safetensors"
        taught.parent.mkdir(parents=True)
        taught.write_text(f"taught {name}")
        marks.append(f"{PACKAGED}@0+{file_sha256(taught)[:16]}")
    write_card(project / "models/encoder", Card(PACKAGED, *marks, exported=True))
    shutil.copytree(ROOT / ".dvc", project / ".dvc", ignore=shutil.ignore_patterns("cache", "tmp"))
    (project / "data/pages").mkdir()
    (project / "data/pages/train").write_text("abc")
    (project / "data/pages/test").write_text("de")
    (project / "models/a.bin").write_text("abc")
    (project / "dvc.lock").write_text(LOCK)
    sign(project, {"numpy": str(installation.installed("numpy"))})
    return Setup(project, None, f"sqlite:///{project / 'mlflow.db'}")


def sign(project: Path, versions: dict[str, str]) -> None:
    models = project / "models"
    fingerprint = read_card(models / "encoder").fingerprint
    files = hash_files(models)
    write_manifest(models, Manifest(FORMAT, "0", PACKAGED, fingerprint, (), (), versions, files))


def found(setup: Setup, *names: str) -> dict[str, Finding]:
    checks = {name: CHECKS[name] for name in names} if names else CHECKS
    return {finding.check: finding for finding in examine(setup, checks)}


def test_all_is_well(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "ROOM", 0)
    names = [name for name in CHECKS if name not in {"git", "packages", "feature packs"}]
    assert {
        name: finding.status for name, finding in found(setup, *names).items()
    } == dict.fromkeys(names, "ok")


def test_outside_of_a_project_and_without_models_every_check_still_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.whereabouts.PROJECT", tmp_path)
    monkeypatch.delenv("BROADSHEET_MODELS", raising=False)
    monkeypatch.setattr(installation, "ROOM", 0)
    everything = found(Setup(None, None, f"sqlite:///{tmp_path / 'mlflow.db'}"))
    assert list(everything) == list(CHECKS)
    assert {name for name, finding in everything.items() if finding.status == "problem"} == {
        "models"
    }
    assert everything["models"].detail == "no trained models in models"
    assert everything["models"].remedy == (
        "run `make repro` in the project, or name their folder with --models"
    )
    assert everything["run database"].status == "skipped"
    assert list(tmp_path.iterdir()) == []


def test_a_check_that_breaks_does_not_hide_the_next() -> None:
    def broken(setup: Setup) -> str:
        raise ValueError("two\nlines")

    def gone(setup: Setup) -> str:
        raise PermissionError(13, "Permission denied", "/x")

    def corrupt(setup: Setup) -> str:
        raise CorruptArtifactError("x is of format 2, not 1: run `make repro`")

    checks = {"a": broken, "b": gone, "c": corrupt, "d": lambda setup: "fine"}
    assert list(examine(Setup(None, None, ""), checks)) == [
        Finding(
            "a",
            "problem",
            "the check itself failed (ValueError: two\nlines)",
            "report it, with this line",
        ),
        Finding("b", "problem", "/x: Permission denied", "see that it is there and can be read"),
        Finding("c", "problem", "x is of format 2, not 1", "run `make repro`"),
        Finding("d", "ok", "fine"),
    ]


def test_a_tampered_model_is_named(setup: Setup) -> None:
    (Path("models") / "a.bin").write_text("abd")
    finding = found(setup, "models")["models"]
    assert (finding.status, finding.remedy) == ("problem", "run `make repro`")
    assert finding.detail == "models/a.bin is not the file in manifest.json"
    assert found(setup, "taught encoder")["taught encoder"].status == "ok"


def test_a_broken_manifest_is_named_by_all_that_read_it(setup: Setup) -> None:
    Path("models/manifest.json").write_text("{")
    for finding in found(setup, "models", "model versions", "taught encoder").values():
        assert finding.status == "problem" and "make repro" in str(finding.remedy)


@pytest.mark.parametrize(
    ("check", "name"), [("taught encoder", "encoder"), ("page reader", "reader")]
)
def test_other_weights_than_the_models_were_trained_with(
    setup: Setup, check: str, name: str
) -> None:
    assert found(setup, check)[check].detail == "fits the models"
    taught = Path("data") / name / f"{name}.safetensors"
    taught.write_text("taught anew")
    finding = found(setup, check)[check]
    assert finding.detail == f"{taught} is not what the models were trained with"
    taught.unlink()
    finding = found(setup, check)[check]
    assert finding.remedy == f"run `git checkout {taught.parent}`"


def test_an_encoder_that_the_heads_were_not_trained_with(setup: Setup) -> None:
    folder = Path("models/encoder")
    card = msgspec.structs.replace(read_card(folder), fingerprint=f"{PACKAGED}@1")
    write_card(folder, card)
    finding = found(setup, "taught encoder")["taught encoder"]
    assert finding.status == "problem" and "trained with encoder" in finding.detail


def test_models_trained_with_another_library(setup: Setup) -> None:
    sign(Path(), {"numpy": "1.0", "no-such-library": "2.0"})
    finding = found(setup, "model versions")["model versions"]
    assert finding.status == "problem"
    assert "trained with numpy 1.0, " in finding.detail
    assert "trained with no-such-library 2.0, none here" in finding.detail


def test_packages_are_held_against_the_lock(setup: Setup) -> None:
    numpy = installation.installed("numpy")
    lock = Path("requirements.lock")
    lock.write_text(
        f"numpy=={numpy}\nnumpy==0.1 ; python_full_version < '3'\nabsent==1 ; os_name == 'none'\n"
    )
    assert installation.packages(setup) == "1 as in requirements.lock"
    lock.write_text(f"no-such-library==1.0\nnumpy==0.1\nmsgspec=={'9' * 3}\nrich==0\nyarl==0\n")
    with pytest.raises(Trouble, match=r"no-such-library missing, not 1\.0; numpy") as caught:
        installation.packages(setup)
    assert str(caught.value).endswith("; 2 more")
    assert caught.value.remedy == "run `pip install -r requirements.lock`"


def test_a_pack_of_another_encoder_is_named(setup: Setup) -> None:
    folder = Path("data/packs")
    with pytest.raises(Skipped, match="none in data/packs"):
        trained.packs(setup)
    made = make_pack(some_articles()[:2], HashedEncoder())
    write_pack(folder / "mine.safetensors", made, read_manifest(Path("models")).encoder)
    assert trained.packs(setup) == "1 by the models' encoder"
    write_pack(folder / "other.safetensors", made, "other@1")
    with pytest.raises(Trouble, match=r"^other\.safetensors of another encoder"):
        trained.packs(setup)


def test_outputs_are_those_of_the_lock(setup: Setup) -> None:
    assert trained.outputs(setup) == "2 by 1 stages, as in dvc.lock"
    Path("data/pages/more").write_text("")
    with pytest.raises(Trouble, match=r"data/pages not as in dvc\.lock"):
        trained.outputs(setup)
    Path("models/a.bin").unlink()
    with pytest.raises(Trouble, match=r"models/a\.bin not here"):
        trained.outputs(setup)
    Path("dvc.lock").write_text("<<<<<<< ours\n")
    with pytest.raises(Trouble, match=r"dvc\.lock cannot be read"):
        trained.outputs(setup)
    Path("dvc.lock").unlink()
    with pytest.raises(Trouble, match="the pipeline has not run"):
        trained.outputs(setup)


def test_a_full_disk(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "ROOM", 10**18)
    with pytest.raises(Trouble, match="GB free where outputs go"):
        installation.disk(setup)


def test_git_is_there_and_the_project_in_it(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Trouble, match="no Git repository"):
        installation.git(setup)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Trouble, match="not found"):
        installation.git(setup)


class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Healthy) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def test_a_server_is_asked_for_its_health(server: str) -> None:
    assert installation.database(Setup(None, None, server)) == f"{server} answers"
    with pytest.raises(Trouble, match="answers with 404"):
        installation.database(Setup(None, None, f"{server}/elsewhere"))


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(Trouble, match="does not answer") as caught:
        installation.database(Setup(None, None, "http://127.0.0.1:9"))
    assert "MLFLOW_TRACKING_URI" in caught.value.remedy


def test_where_the_project_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.whereabouts.PROJECT", tmp_path / "project")
    assert project_folder() is None
    (tmp_path / "project/params.yaml").touch()
    assert project_folder() == tmp_path / "project"
    (tmp_path / "params.yaml").touch()
    assert project_folder() == Path()


def test_no_heavy_library_is_imported(tmp_path: Path) -> None:
    script = (
        "import json, sys\n"
        "from pipeline.habits.setup import Setup\n"
        "from pipeline.habits.doctor import examine\n"
        "from pathlib import Path\n"
        f"list(examine(Setup(Path('.'), None, 'sqlite:///{tmp_path}/mlflow.db')))\n"
        "heavy = {'torch', 'mlflow', 'sklearn', 'transformers', 'dvc', 'pandas'}\n"
        "print(json.dumps(sorted(heavy & sys.modules.keys())))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


def test_a_version_in_the_registry_is_no_folder_to_check(setup: Setup) -> None:
    registered = setup._replace(models=Path("models:/broadsheet@champion"))
    finding = found(registered, "models")["models"]
    assert finding.status == "skipped"
    assert "is a version in the registry: name a folder" in finding.detail
