"""The segmenter at work: a text in, stories with parts and residue out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec import Struct

from pipeline.encoder import Encoder
from pipeline.estimators.blend import Blend
from pipeline.estimators.files import load_estimator, save_estimator
from pipeline.estimators.trees import Trees
from pipeline.reader.reader import PageReader, UnitReader
from pipeline.records import Kind, Part, Span, Story, UnitRole
from pipeline.segment.decode import decode, gains, probability
from pipeline.segment.form import Matrix
from pipeline.segment.gold import RESIDUE, ROLES, SURE
from pipeline.segment.links import with_links
from pipeline.segment.models import (
    Gaps,
    Indices,
    RoleModel,
    StorySpace,
    page_gaps,
    raw_log_odds,
)
from pipeline.segment.parts import find_parts
from pipeline.segment.single import single_probability
from pipeline.segment.story import ending_rows, story_rows
from pipeline.segment.tables import PageTable, page_tables
from pipeline.store.atomic import write_bytes
from pipeline.store.bundle import Bundle
from pipeline.store.layout import SEGMENTER
from pipeline.store.tensors import read_tensors, write_tensors

KINDS: tuple[Kind, ...] = ("article", "brief", "teaser")


class Cut(NamedTuple):
    """A text cut: stories in order, and the residue that belongs to none.

    ``single`` is the probability that the text is one story.
    """

    stories: tuple[Story, ...]
    residue: tuple[Span, ...]
    single: float = 1.0


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers chosen in training.

    ``slope`` and ``offset`` calibrate the boundary model's log-odds (Platt 1999);
    ``length_weight`` is that of the length evidence in decoding; ``single_slope`` and
    ``single_offset`` turn the boundaries to be expected into the odds of a single story.
    """

    slope: float
    offset: float
    length_weight: float
    single_slope: float
    single_offset: float


class Segmenter(NamedTuple):
    """All trained parts.

    ``evidence`` is the length evidence of :mod:`pipeline.segment.decode`; ``reader`` reads pages
    in context, or is none where units are encoded one by one.
    """

    roles: RoleModel
    space: StorySpace
    boundary: Blend
    kind: Trees
    truncated: Trees
    evidence: Matrix
    settings: Settings
    reader: PageReader | None = None

    def cut(
        self,
        text: str,
        encoder: Encoder,
        *,
        split: bool = True,
        min_boundary: float | None = None,
    ) -> Cut:
        """Cut ``text`` into stories.

        :param encoder: encodes units where the segmenter has no reader of its own.
        :param split: false makes one story of everything between the first and the last unit
            that is not residue.
        :param min_boundary: the calibrated probability, 0 to 1, below which nothing is cut, and
            at which a cut is as good as none; higher gives fewer stories. By default 0.5, but
            not strictly: lengths that speak for a cut can outweigh it.
        """
        if not text.strip():
            return Cut((), ())
        table = page_tables([text], self.reader or UnitReader(encoder))[0]
        return self.cut_table(table, split=split, min_boundary=min_boundary)

    def cut_table(
        self, table: PageTable, *, split: bool = True, min_boundary: float | None = None
    ) -> Cut:
        """Cut a page that has been prepared."""
        roles = self.roles.probabilities(table)
        if not split and not (roles[:, RESIDUE] < SURE).any():
            roles[:, RESIDUE] = 0.0
        gaps = page_gaps(table, roles, self.space)
        if len(gaps.kept) == 0:
            return Cut((), _residue(table, []))
        log_odds = self.log_odds(gaps)
        first = np.zeros(1, dtype=np.intp)
        if split:
            starts = [table.units[i].start for i in gaps.kept]
            ends = [*starts, table.units[gaps.kept[-1]].end]
            worth = log_odds if min_boundary is None else gains(log_odds, min_boundary)
            first = decode(worth, ends, self.evidence, self.settings.length_weight)
        return self._assemble(table, roles, gaps.kept, first, log_odds)

    def log_odds(self, gaps: Gaps) -> Matrix:
        """Score gaps: calibrated log-odds of a boundary, shape (k,)."""
        raw = raw_log_odds(self.boundary, gaps)
        return np.asarray(self.settings.slope * raw + self.settings.offset)

    def _assemble(
        self, table: PageTable, roles: Matrix, kept: Indices, first: Indices, log_odds: Matrix
    ) -> Cut:
        bounds = [
            (int(kept[a]), int(kept[b - 1]) + 1)
            for a, b in zip(first, [*first[1:], len(kept)], strict=True)
        ]
        parts = story_parts(table, roles, kept, bounds)
        rows = story_rows(table.text, parts, table.reading.cut_off[[b - 1 for _, b in bounds]])
        kinds = self.kind.predict(rows)
        cut_off = self.truncated.predict(ending_rows(rows))
        stories = tuple(
            Story(
                start=table.units[a].start,
                end=table.units[b - 1].end,
                kind=KINDS[int(kind)],
                truncated=bool(cut),
                parts=own,
                boundary=float(probability(log_odds[gap])) if number else 1.0,
            )
            for number, ((a, b), own, kind, cut, gap) in enumerate(
                zip(bounds, parts, kinds, cut_off, first, strict=True)
            )
        )
        linked = with_links(table.text, stories)
        settings = self.settings
        single = single_probability(log_odds, settings.single_slope, settings.single_offset)
        return Cut(linked, _residue(table, bounds), single)

    def save(self, folder: Path) -> None:
        """Write the segmenter as a folder of files; what reads pages lies elsewhere."""
        save_estimator(folder / "hints.safetensors", self.roles.hints)
        save_estimator(folder / "roles.safetensors", self.roles.roles)
        save_estimator(folder / "boundary.safetensors", self.boundary)
        save_estimator(folder / "kind.safetensors", self.kind)
        save_estimator(folder / "truncated.safetensors", self.truncated)
        tensors = {"centre": self.space.centre, "axes": self.space.axes, "lengths": self.evidence}
        write_tensors(folder / "tables.safetensors", tensors)
        write_bytes(folder / "settings.json", msgspec.json.encode(self.settings) + b"\n")

    @classmethod
    def load(cls, bundle: Bundle, reader: PageReader | None = None) -> Segmenter:
        """Read the segmenter of a bundle."""
        return cls.read(bundle.folder / SEGMENTER, reader)

    @classmethod
    def read(cls, folder: Path, reader: PageReader | None = None) -> Segmenter:
        """Read what :meth:`save` wrote.

        :param reader: what it was fitted with, if that read pages in context.
        """
        tensors = read_tensors(folder / "tables.safetensors")
        return cls(
            RoleModel(
                load_estimator(folder / "hints.safetensors"),
                load_estimator(folder / "roles.safetensors"),
            ),
            StorySpace(tensors["centre"], tensors["axes"]),
            load_estimator(folder / "boundary.safetensors"),
            load_estimator(folder / "kind.safetensors"),
            load_estimator(folder / "truncated.safetensors"),
            tensors["lengths"],
            msgspec.json.decode((folder / "settings.json").read_bytes(), type=Settings),
            reader,
        )


def story_parts(
    table: PageTable, roles: Matrix, kept: Indices, bounds: Sequence[tuple[int, int]]
) -> list[tuple[Part, ...]]:
    """Name the parts of stories from role probabilities (n, 9).

    :param kept: indices of the units that are not residue: they have some other role.
    :param bounds: first unit of each story and the one after its last.
    """
    named: list[UnitRole] = [ROLES[i] for i in roles.argmax(axis=1)]
    inside = roles[:, :RESIDUE].argmax(axis=1)
    for i in kept:
        named[i] = ROLES[int(inside[i])]
    return [find_parts(table.text, table.units[a:b], named[a:b]) for a, b in bounds]


def _residue(table: PageTable, bounds: list[tuple[int, int]]) -> tuple[Span, ...]:
    """Gather the units that lie in no story; neighbours on one line join."""
    inside = np.zeros(len(table.units), dtype=bool)
    for a, b in bounds:
        inside[a:b] = True
    spans: list[Span] = []
    for i in np.flatnonzero(~inside):
        unit = table.units[i]
        if spans and i and not inside[i - 1] and unit.breaks == 0:
            spans[-1] = Span(spans[-1].start, unit.end)
        else:
            spans.append(Span(unit.start, unit.end))
    return tuple(spans)
