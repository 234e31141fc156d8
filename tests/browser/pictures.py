"""What the browser showed, kept to be looked at: in $SCREENSHOTS, else build/screenshots."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"


def keep_picture(page: Page, name: str) -> None:
    """Write the whole page as ``name.png``."""
    folder = Path(os.environ.get("SCREENSHOTS") or FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
