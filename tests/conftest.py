"""What every test may lean on: markers that skip what is not there, and one Hypothesis profile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pipeline.stage import WAITING
from pipeline.store.cache import FOLDER, OFF

ROOT = Path(__file__).parent.parent

# Tests run side by side: threads that wait for their team must not keep a core from the others.
os.environ.setdefault(WAITING, "PASSIVE")

# The same examples in every run: a law that fails does so for everyone.
settings.register_profile(
    "broadsheet",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("broadsheet")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests whose material is not beside the project."""
    needs = {"shared": ROOT.parent / "shared", "models": ROOT / "models" / "manifest.json"}
    for item in items:
        for marker, path in needs.items():
            if item.get_closest_marker(marker) and not path.exists():
                item.add_marker(pytest.mark.skip(reason=f"{path} is not here"))


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's cache of vectors out of the tests."""
    monkeypatch.setenv(FOLDER, OFF)


@pytest.fixture
def root() -> Path:
    """The root of the project."""
    return ROOT
