"""An HTML file that holds all it needs, runs no script and may load nothing.

Templates escape all that they are given. ``head.html`` opens the file with its style sheet and a
Content-Security-Policy that allows this sheet alone, so no element may have a ``style`` of its own.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.plain import counted, pictured

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

SHARED = Path(__file__).parent
_LONE_RETURN = re.compile(r"\r(?!\n)")


def environment(templates: Path) -> Environment:
    """Open a folder of templates, which find those of this room too."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    opened = Environment(
        loader=FileSystemLoader([templates, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    opened.filters["told"] = told
    opened.globals["counted"] = counted
    return opened


def style(own: Path) -> str:
    """Put what a file has of its own behind the style that all share."""
    return "".join(path.read_text(encoding="utf-8") for path in (SHARED / "base.css", own))


def digest(css: str) -> str:
    """Hash a style sheet as a Content-Security-Policy names it: SHA-256 in Base64."""
    return b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")


def told(text: str) -> Markup:
    """Escape page text, so that a browser shows every character in its place.

    Control characters become signs. A carriage return is written as a reference, since a bare one
    would be read as a line feed; where it ends a line by itself, a break follows.
    """
    from markupsafe import Markup, escape

    escaped = _LONE_RETURN.sub("\r<br>", str(escape(pictured(text))))
    return Markup(escaped.replace("\r", "&#13;"))
