"""The section model at work: running prose in, sections out."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from pipeline.encoder import Encoder
from pipeline.estimators.files import load_estimator, save_estimator
from pipeline.estimators.linear import Linear
from pipeline.estimators.trees import Trees
from pipeline.records import Part, Story
from pipeline.sections.rows import opening_rows, prose_rows, with_opening
from pipeline.sections.settings import COMMAND, SETTINGS, Settings, read_settings
from pipeline.segment.decode import decode, gains, probability
from pipeline.segment.form import Matrix
from pipeline.segment.models import Indices
from pipeline.segment.parts import find_parts
from pipeline.segment.segmenter import Cut
from pipeline.segment.single import single_probability
from pipeline.store.atomic import write_bytes
from pipeline.store.bundle import Bundle
from pipeline.store.layout import SECTIONS
from pipeline.store.tensors import read_tensors, write_tensors
from pipeline.units import Unit, find_units


class SectionModel(NamedTuple):
    """All trained parts: ``opening`` reads vectors, ``trees`` the rows of gaps.

    ``evidence`` is the length evidence of :mod:`pipeline.segment.decode`.
    """

    opening: Linear
    trees: Trees
    evidence: Matrix
    settings: Settings

    def cut(self, text: str, encoder: Encoder, *, min_boundary: float | None = None) -> Cut:
        """Cut ``text`` into sections: stories of one part, in order, and no residue.

        :param encoder: the one that the model was trained with.
        :param min_boundary: the calibrated probability, 0 to 1, at which a cut is as good as none
            and below which nothing is cut; by default the model's own.
        """
        units = find_units(text)
        if not units:
            return Cut((), ())
        log_odds = self.log_odds(text, units, encoder)
        settings = self.settings
        least = settings.least if min_boundary is None else min_boundary
        first = first_units(log_odds, units, self.evidence, least, settings.length_weight)
        last = [*map(int, first[1:]), len(units)]
        shares = probability(log_odds)
        stories = tuple(
            Story(
                start=units[a].start,
                end=units[b - 1].end,
                kind="article",
                truncated=False,
                parts=_parts(text, units[a:b]),
                boundary=float(shares[a]) if a else 1.0,
            )
            for a, b in zip(map(int, first), last, strict=True)
        )
        single = single_probability(log_odds, settings.single_slope, settings.single_offset)
        return Cut(stories, (), single)

    def log_odds(self, text: str, units: list[Unit], encoder: Encoder) -> Matrix:
        """Score gaps: calibrated log-odds of a section before each unit, shape (n,)."""
        pieces = [text[unit.start : unit.end] for unit in units]
        vectors = encoder.encode(pieces)
        opening = self.opening.decision_function(opening_rows(vectors))
        rows = with_opening(prose_rows(pieces, units, vectors), opening)
        raw = self.trees.decision_function(rows)
        return np.asarray(self.settings.slope * raw + self.settings.offset)

    def save(self, folder: Path) -> None:
        """Write the model as a folder of files."""
        save_estimator(folder / "opening.safetensors", self.opening)
        save_estimator(folder / "trees.safetensors", self.trees)
        write_tensors(folder / "tables.safetensors", {"lengths": self.evidence})
        write_bytes(folder / SETTINGS, msgspec.json.encode(self.settings) + b"\n")

    @classmethod
    def of(cls, bundle: Bundle, encoder: str) -> SectionModel | None:
        """Read that of a bundle, if it has one that was trained with its encoder.

        :param encoder: the fingerprint of the bundle's encoder.
        """
        if f"{SECTIONS}/{SETTINGS}" not in bundle.manifest.files:
            return None
        model = cls.load(bundle.folder / SECTIONS)
        return model if model.settings.encoder == encoder else None

    @classmethod
    def load(cls, folder: Path) -> SectionModel:
        """Read what :meth:`save` wrote.

        :raises MissingArtifactError: it is not there; the message says what makes it.
        :raises CorruptArtifactError: a file of it is none of this pipeline's.
        """
        settings = read_settings(folder)
        return cls(
            load_estimator(folder / "opening.safetensors", COMMAND),
            load_estimator(folder / "trees.safetensors", COMMAND),
            read_tensors(folder / "tables.safetensors", COMMAND)["lengths"],
            settings,
        )


def unit_edges(units: list[Unit]) -> list[int]:
    """Where each unit starts, and then where the last one ends."""
    return [*(unit.start for unit in units), units[-1].end]


def first_units(
    log_odds: Matrix, units: list[Unit], evidence: Matrix, least: float, length_weight: float
) -> Indices:
    """Find the units at which sections start, 0 first; see :func:`pipeline.segment.decode.decode`.

    :param log_odds: of a section before each unit, shape (n,).
    :param least: the probability at which a cut is as good as none.
    """
    return decode(gains(log_odds, least), unit_edges(units), evidence, length_weight)


def _parts(text: str, units: list[Unit]) -> tuple[Part, ...]:
    return find_parts(text, units, ["body"] * len(units))
