"""The model as MLflow serves it, asked over HTTP: it answers as the command line does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import tracking
from pipeline.record.gather import served_model
from pipeline.records import Page
from pipeline.store import layout
from pipeline.store.bundle import open_bundle
from pipeline.store.jsonl import read_records
from tests.habits.book import recording
from tests.servers import PATIENCE, mlflow_server

pytestmark = pytest.mark.models
ROOT = Path(__file__).parents[2]
PAGES = 10


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database in which the trained bundle is the champion."""
    folder = tmp_path_factory.mktemp("served")
    uri = tracking.tracking_uri(folder, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        model = served_model("broadsheet", open_bundle(layout.MODELS), {})
        tracking.write_run(recording(folder / "in", "served", None, model=model), folder, uri)
    with tracking.quiet_mlflow() as mlflow:
        client = mlflow.MlflowClient(uri, registry_uri=uri)
        client.set_registered_model_alias("broadsheet", "champion", "1")
    return uri


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [page.text for page in read_records(ROOT / layout.TEST_PAGES, Page)[:PAGES]]


@pytest.fixture(scope="module")
def address(uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `mlflow models serve` listens."""
    log = tmp_path_factory.mktemp("log") / "server.txt"
    arguments = ["models", "serve", "--env-manager", "local"]
    arguments += ["--model-uri", "models:/broadsheet@champion"]
    with mlflow_server(arguments, "/ping", log, environment(uri)) as found:
        yield found


def environment(uri: str) -> dict[str, str]:
    return {**os.environ, "MLFLOW_TRACKING_URI": uri, "MLFLOW_DISABLE_TELEMETRY": "true"}


def rounded(document: dict[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        json.dumps(document), parse_float=lambda text: round(float(text), 6)
    )
    return {name: value for name, value in loaded.items() if name != "source"}


def asked(address: str, texts: list[str]) -> list[Any]:
    body = json.dumps({"dataframe_split": {"columns": ["text"], "data": [[t] for t in texts]}})
    request = urllib.request.Request(
        f"{address}/invocations", body.encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return [json.loads(one) for one in json.load(answer)["predictions"]]


def test_the_server_answers_as_the_command_line_does(
    address: str, uri: str, texts: list[str], tmp_path: Path
) -> None:
    served = [rounded(document) for document in asked(address, texts)]
    pages = [tmp_path / f"page-{number:02}.txt" for number in range(len(texts))]
    for path, text in zip(pages, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    command = [
        *(sys.executable, "-m", "pipeline.cli", "classify", "--format", "json"),
        *("--models", "models:/broadsheet@champion", *map(str, pages)),
    ]
    done = subprocess.run(
        command, env=environment(uri), cwd=ROOT, capture_output=True, text=True, check=True
    )
    printed = json.loads(done.stdout)
    assert len(served) == len(printed) == PAGES
    assert sum(len(document["stories"]) for document in served) > PAGES
    assert served == [rounded(document) for document in printed]
