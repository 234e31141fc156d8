"""The trained parts of the segmenter, each with what it needs and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.estimators.blend import Blend
from pipeline.estimators.linear import Linear
from pipeline.estimators.trees import Trees
from pipeline.segment.features import GapTraits, gap_rows, gap_traits, role_rows
from pipeline.segment.form import Matrix
from pipeline.segment.gold import RESIDUE, SURE
from pipeline.segment.tables import PageTable

Indices = npt.NDArray[np.intp]
READER_SHARE = 0.3  # chosen on pages of real stories before the boundary model learned from such


class StorySpace(NamedTuple):
    """A linear discriminant space in which units of one story lie together.

    ``centre`` has shape (d,), ``axes`` (d, k).
    """

    centre: Matrix
    axes: Matrix

    def project(self, vectors: Matrix) -> Matrix:
        """Map units (n, d) to unit vectors (n, k)."""
        mapped = (vectors - self.centre) @ self.axes
        norm = np.linalg.norm(mapped, axis=1, keepdims=True)
        return np.asarray(mapped / np.maximum(norm, 1e-9), dtype=np.float32)


class RoleModel(NamedTuple):
    """``hints``: residue from the unit's vector alone; ``roles``: the role from all there is."""

    hints: Linear
    roles: Trees

    def rows(self, table: PageTable) -> Matrix:
        """Return what the role model sees, shape (n, r)."""
        return hinted_rows(self.hints, table)

    def probabilities(self, table: PageTable) -> Matrix:
        """Return the probability of each role (order of ROLES) for each unit, shape (n, 9)."""
        return spread(self.roles, self.rows(table))


def hinted_rows(hints: Linear, table: PageTable) -> Matrix:
    """Join the hints with form and layout, shape (n, r)."""
    hint = hints.decision_function(table.vectors)[:, None].astype(np.float32)
    return role_rows(table.form, table.layout, hint, table.reading)


def spread(model: Trees, rows: Matrix) -> Matrix:
    """Return class probabilities over all nine roles; one that was never seen has 0."""
    full = np.zeros((len(rows), RESIDUE + 1), dtype=np.float32)
    full[:, model.classes_] = model.predict_proba(rows)
    return full


class Gaps(NamedTuple):
    """The gaps of a page between units that are not residue.

    ``kept`` indexes those units, shape (k,); ``rows`` (k, g) describes the gap before each, and
    ``read`` (k,) are the reader's own log-odds of a boundary there.
    """

    kept: Indices
    rows: Matrix
    read: Matrix


def raw_log_odds(boundary: Blend, gaps: Gaps) -> Matrix:
    """Return the log-odds of a cut at each gap, shape (k,), before they are calibrated.

    The boundary model's, drawn towards the reader's: the model sees the reader's answer too, but
    learns how far to trust it mostly on the corpus, and the reader has met far more kinds of story.
    """
    share = np.clip(boundary.predict_proba(gaps.rows)[:, 1], 1e-9, 1 - 1e-9)
    own = np.log(share) - np.log1p(-share)
    return np.asarray((1.0 - READER_SHARE) * own + READER_SHARE * gaps.read)


def page_gaps(table: PageTable, roles: Matrix, space: StorySpace) -> Gaps:
    """Leave out residue and describe the gaps between what remains.

    :param roles: probabilities, shape (n, 9).
    """
    kept = kept_units(roles)
    if len(kept) == 0:
        return Gaps(kept, np.zeros((0, 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
    return gaps_of(kept, page_traits(table, roles, space, kept))


def gaps_of(kept: Indices, traits: GapTraits) -> Gaps:
    """Join the rows of these units."""
    return Gaps(kept, gap_rows(traits), traits.asked[:, 0])


def kept_units(roles: Matrix) -> Indices:
    """Index the units that are not surely residue; ``roles`` are probabilities, (n, 9)."""
    return np.flatnonzero(roles[:, RESIDUE] < SURE)


def page_traits(table: PageTable, roles: Matrix, space: StorySpace, kept: Indices) -> GapTraits:
    """Gather what the rows of these units are made of."""
    spaces: Sequence[Matrix] = (table.vectors, space.project(table.vectors))
    return gap_traits(table.pieces, table.form, table.layout, roles, table.reading, spaces, kept)
