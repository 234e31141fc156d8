"""The printed project, once for all tests of this room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.report.press import print_project


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with every stage run but the report."""
    return _printed(tmp_path_factory.mktemp("printed"), placed=True)


@pytest.fixture(scope="session")
def printed_nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, of a corpus that names no country."""
    return _printed(tmp_path_factory.mktemp("nowhere"), placed=False)


def _printed(folder: Path, *, placed: bool) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        print_project(patch, placed=placed)
    return folder


@pytest.fixture
def project(printed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it to spoil, as the working directory."""
    copied = tmp_path / "project"
    shutil.copytree(printed, copied)
    monkeypatch.chdir(copied)
    yield copied
