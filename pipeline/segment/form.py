"""The form of a unit: what can be seen of it without understanding it.

Patterns of credits, bylines, datelines and the like are features for the models, not rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.reader.patterns import AGENCY
from pipeline.units import KICKER, Unit

Matrix = npt.NDArray[np.floating[Any]]

PATTERNS: dict[str, re.Pattern[str]] = {
    "credit": re.compile(
        r"^[\[(]?(?:photo(?:s|graph|graphs)?|picture|pictures|pic|image|images|credit|credits|"
        r"illustration|graphic|video|source|courtesy|handout|file (?:photo|picture)|screen ?grab)"
        r"\b.{0,60}$",
        re.IGNORECASE,
    ),
    "credit_tail": re.compile(
        rf"(?:{AGENCY}(?: photo)?|photo|image)[\])]?$|^(?:©|[-—–] ?){AGENCY}", re.IGNORECASE
    ),
    "agency": re.compile(rf"\b{AGENCY}\b"),
    "byline": re.compile(
        r"^(?:by|from|text:|words by|written by|reported by)\s+[A-Z]", re.IGNORECASE
    ),
    "reporter": re.compile(
        r"\b(?:reporter|reporting|correspondent|(?:staff )?writer|editor|editing|contributed to)\b",
        re.IGNORECASE,
    ),
    "dateline": re.compile(
        rf"^(?:\(?{AGENCY}\)? ?[-—–]|(?:[A-Z][\w'’.-]+,? ){{0,4}}\({AGENCY}\)|"
        r"[A-Z][A-Z'’. ,-]{2,40}(?: ?[—–]| -|:| --) )"
    ),
    "date": re.compile(
        r"\b(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}\b|"
        r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\b\d{1,2}:\d{2}\b"
    ),
    "kicker": re.compile(rf"^(?:{KICKER.pattern})"),
    "bullet": re.compile(r"^(?:[•*■▪●·‣\-–—]\s|\(?\d{1,2}[.)]\s)"),
    "continued": re.compile(
        r"(?:\.\.\.|…|\[\.\.\.\]|[—–]|\(more\)|read more|full story|continue reading)\W*$",
        re.IGNORECASE,
    ),
    "anaphora": re.compile(
        r"^[\"“'‘]?(?:he|she|it|they|his|her|its|their|this|that|these|those|but|and|however|also|"
        r"meanwhile|still|yet|then|there|such|both|another|others|so|in addition|according to)\b",
        re.IGNORECASE,
    ),
    "article_word": re.compile(r"^[\"“]?(?:the|a|an)\b", re.IGNORECASE),
    "quote": re.compile(r"^[\"“'‘«]"),
    "said": re.compile(
        r"\b(?:said|says|told|added|according to|announced|reported|warned|asked)\b"
    ),
    "residue": re.compile(
        r"\b(?:subscri\w+|cookies?|newsletter|sign (?:up|in)|log ?in|most (?:popular|read|viewed)|"
        r"share|comments?|advertis\w+|sponsored|copyright|©|all rights|reserved|privacy|terms|"
        r"related (?:stories|articles|topics)|more (?:on|from|news)|read (?:more|next)|trending|"
        r"recommended|newsletter|follow us|skip to|menu|search|home|click here|"
        r"updated|published|min(?:ute)? read|e-?mail|print|tweet|facebook|twitter|download)\b",
        re.IGNORECASE,
    ),
    "separator": re.compile(r"[|»›>]|  +"),
    "url": re.compile(r"https?://|www\.|@\w"),
}
CREDIT = 28  # characters: the longest that "credit_tail" matches behind the start of a unit
END = re.compile(r"[.!?][\"'”’)\]]*$")
WORD = re.compile(r"[^\W\d_]+")


class FormTable(NamedTuple):
    """Forms of ``n`` units: ``values`` of shape (n, f), float32, and the f names."""

    values: Matrix
    names: tuple[str, ...]


def form_table(text: str, units: Sequence[Unit]) -> FormTable:
    """Describe every unit by itself: lengths, case, punctuation, patterns, place on its line."""
    rows = [
        _form(text[unit.start : unit.end], unit, unit.breaks > 0 or number == 0)
        for number, unit in enumerate(units)
    ]
    values = np.array(rows, dtype=np.float32).reshape(len(rows), len(NAMES))
    return FormTable(values, NAMES)


def _form(piece: str, unit: Unit, first_on_line: bool) -> list[float]:
    words = WORD.findall(piece)
    count = max(len(words), 1)
    capital = sum(word[0].isupper() for word in words)
    upper = sum(word.isupper() and len(word) > 1 for word in words)
    lower = sum(word.islower() for word in words)
    own_line = unit.last and first_on_line
    open_quote = (piece.count("“") - piece.count("”")) or piece.count('"') % 2
    row = [
        float(np.log1p(len(piece))),
        float(np.log1p(len(words))),
        capital / count,
        upper / count,
        lower / count,
        sum(map(str.isdigit, piece)) / max(len(piece), 1),
        float(bool(END.search(piece))),
        float(piece[-1:] in ",;:"),
        float(piece[:1].islower()),
        float(own_line),
        float(unit.last),
        float(np.sign(open_quote)),
        float(min(len(piece) / count, 15.0)),
    ]
    row.extend(float(_seen(name, pattern, piece)) for name, pattern in PATTERNS.items())
    return row


def _seen(name: str, pattern: re.Pattern[str], piece: str) -> bool:
    if name == "credit_tail" and not pattern.match(piece):  # tried everywhere it costs the most
        return bool(pattern.search(piece, max(len(piece) - CREDIT, 0)))
    return bool(pattern.search(piece))


NAMES = (
    "log_chars", "log_words", "capitalised", "upper", "lower", "digits", "ended", "comma_end",
    "lower_start", "own_line", "last_on_line", "open_quote", "word_length",
    *PATTERNS,
)  # fmt: skip
