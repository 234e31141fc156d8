"""What the browser showed, kept to be looked at: in $SCREENSHOTS, else build/screenshots."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"


def keep_picture(
    page: Page, name: str, view: Mapping[str, Any] | None = None, variant: str = ""
) -> None:
    """Write the whole page as ``name.png``; the view and the variant go into the name."""
    parts = [name, variant]
    if view is not None:
        parts += [str(view["viewport"]["width"]), view["color_scheme"]]
    folder = Path(os.environ.get("SCREENSHOTS") or FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{'-'.join(filter(None, parts))}.png"
    page.screenshot(path=path, full_page=True)
