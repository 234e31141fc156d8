"""Training the segmenter on mixed pages, with every input to a later model out of fold.

The boundary model reads role probabilities and a learned space; if it were trained on what those
models say of their own training pages, it would trust them too much. So both are fitted anew for
each fold of pages without it, and no page mixes stories of two folds.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.estimators.blend import Blend
from pipeline.estimators.curve import fit_logistic_curve
from pipeline.estimators.linear import Linear
from pipeline.estimators.plain import plain, plain_line
from pipeline.params import SegmentParams
from pipeline.reader.reader import PageReader
from pipeline.records import Page
from pipeline.segment.boosting import boosted
from pipeline.segment.decode import decode, length_evidence
from pipeline.segment.fit_stories import fit_story_models
from pipeline.segment.form import Matrix
from pipeline.segment.gold import RESIDUE, ROLES, GoldUnits, gold_units, starts_story
from pipeline.segment.lessons import Lesson
from pipeline.segment.models import (
    Gaps,
    Indices,
    RoleModel,
    StorySpace,
    hinted_rows,
    page_gaps,
    raw_log_odds,
)
from pipeline.segment.segmenter import Segmenter, Settings
from pipeline.segment.single import fit_single
from pipeline.segment.tables import PageTable

SPACE_AXES = 64
SPACE_SHRINKAGE = 0.5
TREES_SHARE = 0.6  # of the boundary's probability; the line has the rest
LENGTH_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
PROSE = frozenset(ROLES.index(role) for role in ("headline", "subhead", "body"))


class GapLesson(NamedTuple):
    """Gaps of one page with ``cut`` (0 or 1) and ``weight`` (0: neutral), each of shape (k,).

    ``roles`` are the units' role probabilities by a model that has not seen the page, (n, 9).
    """

    gaps: Gaps
    roles: Matrix
    cut: npt.NDArray[np.int_]
    weight: npt.NDArray[np.float64]


def fit_segmenter(
    tables: Sequence[PageTable],
    pages: Sequence[Page],
    params: SegmentParams,
    reader: PageReader | None = None,
) -> Segmenter:
    """Fit every part of the segmenter.

    :param pages: with gold; ``page.fold`` says which pages may teach about which.
    :param reader: what read the tables, if it goes into the segmenter.
    """
    lessons = [
        Lesson(table, page, gold_units(page, table.units))
        for table, page in zip(tables, pages, strict=True)
    ]
    folds = np.array([page.fold for page in pages])
    gap_lessons = _out_of_fold_gaps(lessons, folds, params)
    boundary = _fit_boundary(gap_lessons, params)
    raw = _out_of_fold_scores(gap_lessons, folds, params)
    slope, offset = _platt(gap_lessons, raw)
    evidence = length_evidence(
        [_edges(lesson, gaps) for lesson, gaps in _paired(lessons, gap_lessons)]
    )
    calibrated = [slope * scores + offset for scores in raw]
    weight = _choose_weight(lessons, gap_lessons, calibrated, evidence)
    _say(f"boundary model fitted; length evidence weighs {weight}")
    kind, truncated = fit_story_models(lessons, [gap.roles for gap in gap_lessons], params)
    single = fit_single([len(page.stories) == 1 for page in pages], calibrated)
    return Segmenter(
        roles=_fit_roles(lessons, params),
        space=_fit_space(lessons),
        boundary=boundary,
        kind=kind,
        truncated=truncated,
        evidence=evidence,
        settings=Settings(slope, offset, weight, *single),
        reader=reader,
    )


def _paired(lessons: Sequence[Lesson], gaps: Sequence[GapLesson]) -> list[tuple[Lesson, GapLesson]]:
    return [(a, b) for a, b in zip(lessons, gaps, strict=True) if len(b.gaps.kept)]


def _out_of_fold_gaps(
    lessons: Sequence[Lesson], folds: npt.NDArray[np.int_], params: SegmentParams
) -> list[GapLesson]:
    found: dict[int, GapLesson] = {}
    for fold in np.unique(folds):
        _say(f"roles and story space without fold {fold}")
        rest = [lesson for lesson, own in zip(lessons, folds, strict=True) if own != fold]
        roles, space = _fit_roles(rest or lessons, params), _fit_space(rest or lessons)
        for i in map(int, np.flatnonzero(folds == fold)):
            likely = roles.probabilities(lessons[i].table)
            gaps = page_gaps(lessons[i].table, likely, space)
            found[i] = _gap_lesson(gaps, likely, lessons[i].gold)
    return [found[i] for i in range(len(lessons))]


def _gap_lesson(gaps: Gaps, roles: Matrix, gold: GoldUnits) -> GapLesson:
    starts = starts_story(gold.stories[gaps.kept])
    weight = (starts >= 0).astype(np.float64)
    weight[:1] = 0.0
    return GapLesson(gaps, roles, np.maximum(starts, 0).astype(np.int_), weight)


def _fit_hints(lessons: Sequence[Lesson]) -> Linear:
    """Learn from a unit's vector alone whether it is residue; each text counts once."""
    from sklearn.linear_model import LogisticRegression

    seen: dict[str, tuple[Matrix, bool]] = {}
    for lesson in lessons:
        for piece, vector, role in zip(
            lesson.table.pieces, lesson.table.vectors, lesson.gold.roles, strict=True
        ):
            seen.setdefault(piece, (vector, bool(role == RESIDUE)))
    vectors = np.stack([vector for vector, _ in seen.values()])
    hints = LogisticRegression(C=1.0, max_iter=500)
    fitted: Linear = plain(hints.fit(vectors, np.array([residue for _, residue in seen.values()])))
    return fitted


def _fit_roles(lessons: Sequence[Lesson], params: SegmentParams) -> RoleModel:
    """Fit the role model on hints from the other half of the folds, as it will meet new pages."""
    half = [lesson.page.fold % 2 == 0 for lesson in lessons]
    parts = [[a for a, even in zip(lessons, half, strict=True) if even == side] for side in (0, 1)]
    unseen = [_fit_hints(part or lessons) for part in parts]
    rows = np.concatenate(
        [hinted_rows(unseen[not even], a.table) for a, even in zip(lessons, half, strict=True)]
    )
    gold = np.concatenate([lesson.gold.roles for lesson in lessons])
    iterations = max(20, params.iterations // 4)
    roles = boosted(params, iterations, 2 * params.learning_rate, 15, rows, gold)
    return RoleModel(_fit_hints(lessons), roles)


def _fit_space(lessons: Sequence[Lesson]) -> StorySpace:
    """Find axes along which units of one story agree and stories differ (Fisher 1936, shrunk)."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    seen: dict[str, tuple[Matrix, str]] = {}
    for lesson in lessons:
        for i, story in enumerate(lesson.gold.stories):
            piece = lesson.table.pieces[i]
            if story >= 0 and int(lesson.gold.roles[i]) in PROSE and len(piece) > 30:
                seen.setdefault(
                    piece, (lesson.table.vectors[i], lesson.page.stories[story].article)
                )
    units = Counter(story for _, story in seen.values())
    told = [(vector, story) for vector, story in seen.values() if units[story] > 1]
    vectors = np.stack([vector for vector, _ in told])
    stories = np.array([story for _, story in told])
    axes = min(SPACE_AXES, len(np.unique(stories)) - 1, vectors.shape[1])
    model = LinearDiscriminantAnalysis(
        solver="eigen", shrinkage=SPACE_SHRINKAGE, n_components=axes
    ).fit(vectors.astype(np.float64), stories)
    scalings = np.asarray(model.scalings_[:, :axes], dtype=np.float32)
    return StorySpace(vectors.mean(axis=0).astype(np.float32), np.ascontiguousarray(scalings))


def _fit_boundary(lessons: Sequence[GapLesson], params: SegmentParams) -> Blend:
    """Average trees and a linear model: trees fit the pages' form, the line carries further."""
    used = [lesson for lesson in lessons if len(lesson.gaps.kept)]
    rows = np.concatenate([lesson.gaps.rows for lesson in used])
    cut = np.concatenate([lesson.cut for lesson in used])
    told = np.concatenate([lesson.weight for lesson in used]) > 0
    rows, cut = rows[told], cut[told]
    trees = boosted(params, params.iterations, params.learning_rate, 8, rows, cut)
    return Blend(trees, _fit_line(rows, cut), np.array([TREES_SHARE]))


def _fit_line(rows: Matrix, cut: npt.NDArray[np.int_]) -> Linear:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    line = make_pipeline(
        SimpleImputer(keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=0.01, max_iter=3000),
    ).fit(rows, cut)
    return plain_line(*(fitted for _, fitted in line.steps))


def _out_of_fold_scores(
    lessons: Sequence[GapLesson], folds: npt.NDArray[np.int_], params: SegmentParams
) -> list[Matrix]:
    scores: list[Matrix] = [np.zeros(0) for _ in lessons]
    for fold in np.unique(folds):
        rest = [lesson for lesson, own in zip(lessons, folds, strict=True) if own != fold]
        model = _fit_boundary(rest or lessons, params)
        for i in map(int, np.flatnonzero(folds == fold)):
            if len(lessons[i].gaps.kept):
                scores[i] = raw_log_odds(model, lessons[i].gaps)
    return scores


def _platt(lessons: Sequence[GapLesson], raw: Sequence[Matrix]) -> tuple[float, float]:
    told = np.concatenate([lesson.weight for lesson in lessons]) > 0
    cut = np.concatenate([lesson.cut for lesson in lessons])[told]
    return fit_logistic_curve(np.concatenate(raw)[told], cut)


def _edges(lesson: Lesson, gaps: GapLesson) -> tuple[list[int], list[int]]:
    units = lesson.table.units
    kept: Indices = gaps.gaps.kept
    starts = [units[i].start for i in kept] + [units[kept[-1]].end]
    return starts, [0, *map(int, np.flatnonzero(gaps.cut))]


def _choose_weight(
    lessons: Sequence[Lesson],
    gaps: Sequence[GapLesson],
    log_odds: Sequence[Matrix],
    evidence: Matrix,
) -> float:
    """Pick the weight of the length evidence with the best out-of-fold boundary F1."""
    best, chosen = -1.0, 0.0
    for weight in LENGTH_WEIGHTS:
        hits = errors = 0
        for lesson, gap, scores in zip(lessons, gaps, log_odds, strict=True):
            if not len(gap.gaps.kept):
                continue
            predicted = np.zeros(len(gap.cut), dtype=np.int_)
            predicted[decode(scores, _edges(lesson, gap)[0], evidence, weight)] = 1
            told = gap.weight > 0
            hits += int((predicted & gap.cut)[told].sum())
            errors += int((predicted ^ gap.cut)[told].sum())
        f1 = 2 * hits / max(2 * hits + errors, 1)
        _say(f"length evidence at {weight}: out-of-fold F1 {f1:.4f}")
        if f1 > best:
            best, chosen = f1, weight
    return chosen


def _say(message: str) -> None:
    sys.stderr.write(f"segment: {message}\n")
    sys.stderr.flush()
