"""Spelling variants made one, character by character, so that offsets stay."""

from __future__ import annotations

import re
import unicodedata

_CAPITALS = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})+\b|\b[A-Z]{4,}\b")


class _Folds(dict[int, str]):
    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = unicodedata.normalize("NFD", character)[0]
        self[code] = folded = base if base.isalpha() else character
        return folded


_TABLE = _Folds(
    {ord(c): "'" for c in "‘’ʻʼ`´"}
    | {ord(c): "-" for c in "‐‑‒–"}
    | {ord(c): " " for c in "\u00a0\u2009\u202f\t\n\r\x0b\x0c\u0085\u2028\u2029"}
    | {ord("ı"): "i", ord("ø"): "o", ord("Ø"): "O", ord("ł"): "l", ord("Ł"): "L", ord("đ"): "d"}
)


def fold(text: str) -> str:
    """Take accents off and make quotes, dashes and white space plain; the length stays.

    >>> fold("Côte d’Ivoire")
    "Cote d'Ivoire"
    """
    return text.translate(_TABLE)


def uncapitalise(text: str) -> str:
    """Write capitals as names are written, but for a lone short word; the length stays.

    >>> uncapitalise("NEW YORK, US")
    'New York, US'
    """
    return _CAPITALS.sub(lambda match: match[0].title(), text)
