"""Tabs in which a file is looked at: wide and narrow, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
VIEWS = pytest.mark.parametrize(
    "view",
    [
        pytest.param({"viewport": size, "color_scheme": scheme}, id=f"{size['width']}-{scheme}")
        for size in (WIDE, NARROW)
        for scheme in ("light", "dark")
    ],
)


class Shown:
    """A report in a tab, with all that it asked for and said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))

    def box(self, selector: str) -> dict[str, float]:
        box = self.page.locator(selector).first.bounding_box()
        assert box is not None
        return dict(box)
