"""MLflow's servers in processes of their own, for as long as a test asks them something."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 240  # seconds until a server answers


@contextmanager
def mlflow_server(
    arguments: list[str], alive: str, log: Path, environ: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run ``mlflow ARGUMENTS --port ...``; yield its address once ``alive`` answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    variables = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "PATH": programs}
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "mlflow", *arguments, "--port", str(port), "--workers", "1"],
            env={**variables, **(environ or {})},
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            until = time.monotonic() + PATIENCE
            while not _answers(f"{address}{alive}"):
                if time.monotonic() > until or server.poll() is not None:
                    pytest.fail(f"the server does not answer: {log.read_text()[-2000:]}")
                time.sleep(0.5)
            yield address
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
