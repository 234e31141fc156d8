"""Text made safe and short to show."""

from __future__ import annotations

import re

from pipeline.records import Prediction

REPLACEMENT = "\ufffd"
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f]"  # C0, DEL and C1: an escape sequence starts with one of them
    r"|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # directions: they can disguise a line
)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """Put text on one line, with nothing in it that a terminal would act on.

    >>> visible("red: \\x1b[31m\\tline\\nnext")
    'red: \ufffd[31m line next'
    """
    return _CONTROLS.sub(REPLACEMENT, scalar(" ".join(text.split())))


def scalar(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot hold; no offset changes."""
    return _SURROGATES.sub(REPLACEMENT, text)


def shortened(text: str, limit: int = 160) -> str:
    """Return the first ``limit`` characters on one line, cut at a word, with ``…`` if cut."""
    line = " ".join(text[: 4 * limit].split())
    if len(line) <= limit and len(text) <= 4 * limit:
        return line
    head = line[:limit]
    return head[: head.rfind(" ")] + "…" if " " in head else head + "…"


def named(story: Prediction, limit: int) -> tuple[str, str]:
    """Return a story's kicker, if any, and its headline or first words, each on one line.

    Safe to show; ``limit`` is the most characters of the headline.
    """
    words = story.headline or story.text
    if story.kicker and not story.headline:
        words = words.removeprefix(story.kicker).lstrip(": \t\r\n") or words
    return visible(shortened(story.kicker or "", 40)), visible(shortened(words, limit))


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "story", "stories"), counted(0, "story", "stories")
    ('1 story', '0 stories')
    """
    return f"{count} {one if count == 1 else many}"


def pictured(text: str) -> str:
    """Show control characters as signs (Unicode's control pictures); no offset changes.

    Tabs and line ends stay.

    >>> pictured("red: \\x1b[31m\\0\\n")
    'red: ␛[31m␀\\n'
    """
    return _UNSEEN.sub(_picture, scalar(text))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\u2421" if code == 0x7F else chr(0x2400 + code) if code < 0x20 else REPLACEMENT
