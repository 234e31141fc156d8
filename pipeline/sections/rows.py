"""What the section model sees: one row a gap between two units of running prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.sections.change_points import change_points
from pipeline.segment.cohesion import cosines_across, depths, shared_words, standardised
from pipeline.segment.features import shifted
from pipeline.segment.form import Matrix
from pipeline.units import Unit

WINDOWS = (1, 2, 3, 5, 8, 13, 21, 34)
REACHES = (2, 4, 8, 16)
PENALTIES = (0.6, 0.9, 1.2, 1.6, 2.1, 2.8, 3.6, 5.0)
# How a unit begins and ends: what refers back seldom opens a section.
CUES = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|Such|Both|Another|Other|We|I)\b",
        r"^(?:However|But|And|Also|Moreover|Furthermore|Therefore|Thus|Then|Instead|Nevertheless|"
        r"Yet|So|For example|For instance|In addition|Similarly|Consequently|Additionally|"
        r"Although|Though|Still|Meanwhile|Later|Finally|Hence|Indeed|Likewise|Conversely|Rather)\b",
        r"^(?:The|A|An)\b",
        r"^(?:In|On|At|During|By|From|After|Before|Since|Until)\b",
        r"^(?:There|One|Many|Most|Some|Several|Various)\b",
        r"^[“\"'‘]",
        r"\b(?:1[0-9]{3}|20[0-9]{2})\b",
        r"\bwas born\b",
        r"\?$",
        r":$",
        r"[.!?;:,…][”\"’')\]]*$",
    )
)


def opening_rows(vectors: Matrix) -> Matrix:
    """Set each unit's vector beside that of the unit before it, shape (n, 2 d)."""
    before = np.concatenate([np.zeros_like(vectors[:1]), vectors[:-1]])
    return np.concatenate([vectors, before], axis=1)


def prose_rows(pieces: Sequence[str], units: Sequence[Unit], vectors: Matrix) -> Matrix:
    """Describe the gap before each of ``n`` units, shape (n, c), float32; the first is none.

    :param vectors: the units', each by itself, of length 1; shape (n, d).
    """
    cosines = cosines_across(vectors, WINDOWS)
    deviations = standardised(cosines)
    curves = [cosines, deviations, *(depths(cosines, reach) for reach in REACHES)]
    columns = [curve.T for curve in curves]
    columns += [shifted(deviations[::2].T, step, 0.0) for step in (-2, -1, 1, 2)]
    columns += _change_columns(vectors)
    usual = cosines[:, 1:] if len(pieces) > 1 else cosines
    columns.append(np.repeat(usual.mean(axis=1)[None], len(pieces), axis=0))
    cues = _cues(pieces)
    columns += [shifted(cues, step, 0.0) for step in (-1, 0, 1)]
    columns.append(shared_words(pieces)[0])
    columns.append(_layout(units))
    return np.concatenate(columns, axis=1, dtype=np.float32)


def with_opening(rows: Matrix, opening: Matrix) -> Matrix:
    """Join to each row how much the units about its gap look like the beginning of a section.

    :param opening: a score for each unit, shape (n,).
    """
    scores = [shifted(opening[:, None], step, 0.0) for step in (-1, 0, 1)]
    return np.concatenate([rows, *scores], axis=1, dtype=np.float32)


def _change_columns(vectors: Matrix) -> list[Matrix]:
    """At which penalties there is a change point: here, here or next to here, and on the whole."""
    found = change_points(vectors, PENALTIES).astype(np.float64)
    padded = np.pad(found, ((0, 0), (1, 1)))
    near = np.maximum(np.maximum(padded[:, :-2], padded[:, 2:]), found)
    share = found.mean(axis=1)
    rates = np.repeat(share[None], len(vectors), axis=0)
    return [found.T, found.sum(axis=0)[:, None], near.sum(axis=0)[:, None], rates]


def _cues(pieces: Sequence[str]) -> Matrix:
    """Which cues each unit has, and its length in words, shape (n, 12)."""
    rows = [
        [*(bool(cue.search(piece)) for cue in CUES), np.log1p(len(piece.split()))]
        for piece in pieces
    ]
    return np.array(rows, dtype=np.float64)


def _layout(units: Sequence[Unit]) -> Matrix:
    """Where units stand: line ends before and after, how common those are, place; shape (n, 6)."""
    count = len(units)
    breaks = np.array([unit.breaks for unit in units], dtype=np.float64)
    at = np.arange(count)
    return np.stack(
        [
            np.minimum(breaks, 3),
            np.minimum(np.append(breaks[1:], 3), 3),
            np.full(count, (breaks > 0).mean()),
            np.log1p(at),
            np.log1p(count - 1 - at),
            np.full(count, np.log1p(count)),
        ],
        axis=1,
    )
