"""A real browser, where there is one: Chromium, driven by Playwright without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The program that $CHROMIUM names, or the one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


# Not for the session: Playwright runs an event loop, which other tests might trip over.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    program = find_chromium()
    if program is None:
        pytest.skip("no browser: install chromium, or name one in CHROMIUM")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no playwright: run `make test`, which installs it"
    )
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, timeout=180_000)
        yield opened
        opened.close()
