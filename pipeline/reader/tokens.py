"""Units as token ids, with a mark before each that says how it is set on the page.

The encoder's vocabulary is uncased and knows no line ends, so two things that a page shows are
carried beside the ids: each word's case, and before each unit a mark for the line ends there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.reader.patterns import WIRE
from pipeline.units import Unit

Ids = npt.NDArray[np.int32]

LOWER, CAPITALISED, CAPITALS, OTHER = range(4)  # the case of a token's word
MARKS = 4  # before a unit: on the same line, a line end, a blank line, more
FORMS = 4 + MARKS  # rows of the form embedding: a case or a mark for every token
HEAD, TAIL = 144, 48  # tokens kept of a unit that is longer than both
INSIDE = -1  # the offset of a token at which no word begins


class UnitTokens(NamedTuple):
    """A unit's tokens, the mark first: vocabulary ``ids`` and ``forms``, each of shape (t,).

    ``offsets`` (t,) are characters from the unit's start where a further word begins, else INSIDE.
    ``behind`` is the offset of what follows an agency's dateline, INSIDE where there is none.
    """

    ids: Ids
    forms: Ids
    offsets: Ids
    behind: int = INSIDE


def unit_tokens(pieces: Sequence[str], units: Sequence[Unit], tokenizer: Any) -> list[UnitTokens]:
    """Tokenise the units of a page.

    :param pieces: the units' text.
    :param tokenizer: a ``tokenizers.Tokenizer`` with an uncased vocabulary.
    """
    encodings = tokenizer.encode_batch(list(pieces), add_special_tokens=False)
    mark = tokenizer.token_to_id("[SEP]")
    return [
        _marked(piece, encoding, mark, 4 + min(unit.breaks, MARKS - 1))
        for piece, unit, encoding in zip(pieces, units, encodings, strict=True)
    ]


def _marked(piece: str, encoding: Any, mark: int, form: int) -> UnitTokens:
    ids, spans = encoding.ids, encoding.offsets
    if len(ids) > HEAD + TAIL:
        ids, spans = ids[:HEAD] + ids[-TAIL:], spans[:HEAD] + spans[-TAIL:]
    forms = [form, *(_case(piece[start:end]) for start, end in spans)]
    offsets = [INSIDE, *(_word_start(piece, start) for start, _ in spans)]
    dateline = WIRE.match(piece)
    return UnitTokens(
        np.array([mark, *ids], dtype=np.int32),
        np.array(forms, dtype=np.int32),
        np.array(offsets, dtype=np.int32),
        INSIDE if dateline is None else dateline.end() + 1,
    )


def _word_start(piece: str, start: int) -> int:
    return start if start and piece[start - 1].isspace() else INSIDE


def _case(word: str) -> int:
    if not word[:1].isalpha():
        return OTHER
    if word[0].islower():
        return LOWER
    return CAPITALS if len(word) > 1 and word.isupper() else CAPITALISED
