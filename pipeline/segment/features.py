"""What the models see: one row a unit for its role, one row a gap for the boundary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.reader.reader import Reading
from pipeline.segment.cohesion import block_cosines, shared_words
from pipeline.segment.form import FormTable, Matrix
from pipeline.units import Unit

Indices = npt.NDArray[np.intp]


def shifted(values: Matrix, step: int, beyond: float = np.nan) -> Matrix:
    """Move rows by ``step``: row ``i`` is what row ``i + step`` was; ``beyond`` the ends."""
    out = np.full(values.shape, beyond, dtype=np.float32)
    if step == 0:
        out[:] = values
    elif abs(step) < len(values):
        if step > 0:
            out[:-step] = values[step:]
        else:
            out[-step:] = values[:step]
    return out


def median(values: Matrix) -> float:
    """Return the middle of some values; numpy's own loads its masked arrays first."""
    ordered = np.sort(values)
    return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)


def layout_table(units: Sequence[Unit]) -> Matrix:
    """Describe where units stand on the page, shape (n, 9), float32."""
    count = len(units)
    breaks = np.array([unit.breaks for unit in units], dtype=np.float32)
    own = np.array([unit.last and (unit.breaks > 0 or i == 0) for i, unit in enumerate(units)])
    line = np.cumsum(breaks > 0)
    lengths = np.array([unit.end - unit.start for unit in units], dtype=np.float32)
    line_length = np.bincount(line, weights=lengths, minlength=int(line[-1]) + 1)[line]
    after = np.append(breaks[1:], 3.0)
    at = np.arange(count)
    broken = breaks[breaks > 0]
    usual = median(broken) if len(broken) else 0.0
    return np.stack(
        [
            np.minimum(breaks, 4),
            np.minimum(after, 4),
            breaks - usual,
            np.log1p(line_length),
            np.log1p(at),
            np.log1p(count - 1 - at),
            np.full(count, np.log1p(count)),
            np.full(count, own.mean()),
            np.full(count, (breaks > 0).mean()),
        ],
        axis=1,
    ).astype(np.float32)


def role_rows(form: FormTable, layout: Matrix, hints: Matrix, reading: Reading) -> Matrix:
    """Join what the role model sees, shape (n, r): the unit, its neighbours, and its fit.

    :param hints: what the unit's words alone suggest, shape (n, h).
    """
    vectors = reading.vectors
    near = np.full((len(vectors), 2), -1.0, dtype=np.float32)
    if len(vectors) > 1:
        cosine = np.einsum("nd,nd->n", vectors[:-1], vectors[1:])
        near[1:, 0], near[:-1, 1] = cosine, cosine
    centre = vectors.mean(axis=0)
    fit = (vectors @ centre / max(float(np.linalg.norm(centre)), 1e-9))[:, None]
    tables = [shifted(form.values, step) for step in (-1, 0, 1)]
    tables += [shifted(hints, step) for step in (-1, 0, 1)]
    tables += [reading.roles, shifted(reading.roles, -1), shifted(reading.roles, 1)]
    tables += [shifted(_asked(reading), step) for step in (0, 1)]
    return np.concatenate([*tables, layout, near, fit], axis=1).astype(np.float32)


def _asked(reading: Reading) -> Matrix:
    """The reader's log-odds of a boundary before and of a cut inside each unit, shape (n, 2)."""
    return np.stack([reading.boundary, reading.cut_off], axis=1)


class GapTraits(NamedTuple):
    """What is known of a page's ``k`` units that are not residue, each thing once, float32.

    ``forms`` (k, f), ``likely`` roles (k, 9), ``places`` in the layout (k, 9), units of residue
    ``skipped`` before each (k, 1), what the reader was ``asked`` (k, 2), and the ``cohesion`` of
    the text across the gap before each (k, c).
    """

    forms: Matrix
    likely: Matrix
    places: Matrix
    skipped: Matrix
    asked: Matrix
    cohesion: Matrix


def gap_traits(
    pieces: Sequence[str],
    form: FormTable,
    layout: Matrix,
    roles: Matrix,
    reading: Reading,
    spaces: Sequence[Matrix],
    kept: Indices,
) -> GapTraits:
    """Gather what the boundary model's rows are made of.

    :param roles: role probabilities, shape (n, 9).
    :param spaces: unit vectors in each space that cohesion is measured in, each (n, d).
    :param kept: indices of the units that are not residue.
    """
    skipped = np.diff(kept, prepend=kept[0] if len(kept) else 0).astype(np.float32)[:, None] - 1
    cohesion = [block_cosines(space[kept])[0] for space in spaces]
    cohesion.append(shared_words([pieces[i] for i in kept])[0])
    return GapTraits(
        form.values[kept],
        roles[kept],
        layout[kept],
        np.maximum(skipped, 0),
        _asked(reading)[kept],
        np.concatenate(cohesion, axis=1),
    )


def gap_rows(traits: GapTraits) -> Matrix:
    """Join what the boundary model sees, shape (k, g): row ``j`` is the gap before unit ``j``."""
    tables = [shifted(traits.forms, step) for step in (-2, -1, 0, 1)]
    tables += [shifted(traits.likely, step) for step in (-2, -1, 0, 1)]
    tables += [traits.places, shifted(traits.places[:, :4], -1), traits.skipped]
    tables += _read_rows(traits.asked)
    tables.append(traits.cohesion)
    return np.concatenate(tables, axis=1).astype(np.float32)


def _read_rows(asked: Matrix) -> list[Matrix]:
    """What the reader says of each gap and those near it, and of all gaps of the page."""
    boundary = asked[:, :1]
    near = [shifted(boundary, step) for step in (-3, -2, -1, 0, 1, 2, 3)]
    rivals = np.fmax.reduce([near[i] for i in (1, 2, 4, 5)])  # of the two gaps on either side
    inner = boundary[1:] if len(boundary) > 1 else boundary
    page = np.array([[inner.max(), (inner > 0).mean(), len(inner)]], dtype=np.float32)
    return [
        *near,
        boundary - rivals,
        shifted(asked[:, 1:], -1),
        np.repeat(page, len(asked), axis=0),
    ]
