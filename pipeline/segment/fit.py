"""Training the segmenter on mixed pages, with every input to a later model out of fold.

The boundary model reads role probabilities and a learned space; if it were trained on what those
models say of their own training pages, it would trust them too much. So both are fitted anew for
each fold of pages without it, and no page mixes stories of two folds.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.errors import CorruptArtifactError
from pipeline.estimators.blend import Blend
from pipeline.estimators.curve import fit_logistic_curve
from pipeline.estimators.folds import with_and_without
from pipeline.estimators.linear import Linear
from pipeline.estimators.plain import plain, plain_line
from pipeline.params import SegmentParams
from pipeline.reader.reader import PageReader
from pipeline.records import Page
from pipeline.segment.boosting import boosted
from pipeline.segment.decode import decode, length_evidence
from pipeline.segment.fit_stories import fit_story_models
from pipeline.segment.form import Matrix
from pipeline.segment.gold import RESIDUE, ROLES, gold_units
from pipeline.segment.lessons import GapLesson, GapPage, Lesson, gap_lesson, gap_page
from pipeline.segment.models import RoleModel, StorySpace, hinted_rows, raw_log_odds
from pipeline.segment.segmenter import Segmenter, Settings
from pipeline.segment.single import fit_single
from pipeline.segment.tables import PageTable
from pipeline.store.layout import GAPS

SPACE_AXES = 64
SPACE_SHRINKAGE = 0.5
TREES_SHARE = 0.6  # of the boundary's probability; the line has the rest
LENGTH_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
PROSE = frozenset(ROLES.index(role) for role in ("headline", "subhead", "body"))
Cuts = npt.NDArray[np.int_]


def fit_segmenter(
    tables: Sequence[PageTable],
    pages: Sequence[Page],
    params: SegmentParams,
    reader: PageReader | None = None,
    more: Sequence[GapLesson] = (),
) -> Segmenter:
    """Fit every part of the segmenter.

    :param pages: with gold; ``page.fold`` says which pages may teach about which.
    :param reader: what read the tables, if it goes into the segmenter.
    :param more: gaps of other pages, for what is learned of gaps alone, described by models that
        have not met these.
    :raises CorruptArtifactError: they are described otherwise than those of ``pages``.
    """
    lessons = lessons_of(tables, pages)
    (roles, space), likely, own = _fit_roles_and_space(lessons, params)
    gaps = [*own, *more]
    if len({each.gaps.rows.shape[1] for each in gaps}) > 1:
        raise CorruptArtifactError(
            f"{GAPS}: its gaps are described otherwise than this version does: run `make gaps`"
        )
    boundary, raw = _fit_boundary_and_score(gaps, params)
    slope, offset = _platt(gaps, raw)
    evidence = length_evidence([_edges(each.page) for each in gaps])
    calibrated = [slope * scores + offset for scores in raw]
    weight = _choose_weight(gaps, calibrated, evidence)
    _say(f"length evidence weighs {weight}")
    kind, truncated = fit_story_models(lessons, likely, params)
    single = fit_single([each.page.single for each in gaps], calibrated)
    return Segmenter(
        roles=roles,
        space=space,
        boundary=boundary,
        kind=kind,
        truncated=truncated,
        evidence=evidence,
        settings=Settings(slope, offset, weight, *single),
        reader=reader,
    )


def lessons_of(tables: Sequence[PageTable], pages: Sequence[Page]) -> list[Lesson]:
    """Set pages beside their tables, with the gold of their units."""
    return [
        Lesson(table, page, gold_units(page, table.units))
        for table, page in zip(tables, pages, strict=True)
    ]


def _fit_roles_and_space(
    lessons: Sequence[Lesson], params: SegmentParams
) -> tuple[tuple[RoleModel, StorySpace], list[Matrix], list[GapLesson]]:
    """Fit roles and story space on all pages, and for each fold on those outside it.

    :returns: what was fitted on all; the role probabilities of each page, (n, 9), and the gaps of
        those that have any, both by what was fitted without its fold.
    """

    def fitted(fold: int | None) -> tuple[RoleModel, StorySpace]:
        rest = [lesson for lesson in lessons if lesson.page.fold != fold] or lessons
        found = fit_roles(rest, params), fit_space(rest)
        _say("roles and story space" + ("" if fold is None else f" without fold {fold}"))
        return found

    whole, unseen = with_and_without(fitted, [lesson.page.fold for lesson in lessons])
    likely: list[Matrix] = []
    gaps: list[GapLesson] = []
    for lesson in lessons:
        roles, space = unseen[lesson.page.fold]
        likely.append(roles.probabilities(lesson.table))
        page = gap_page(lesson, likely[-1], space)
        if page is not None:
            gaps.append(gap_lesson(page))
    return whole, likely, gaps


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


def fit_roles(lessons: Sequence[Lesson], params: SegmentParams) -> RoleModel:
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


def fit_space(lessons: Sequence[Lesson]) -> StorySpace:
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
    told = _told(lessons)
    rows = np.concatenate([lesson.gaps.rows for lesson in lessons])[told]
    cut = _cuts(lessons)[told]
    trees = boosted(params, params.iterations, params.learning_rate, 8, rows, cut)
    return Blend(trees, _fit_line(rows, cut), np.array([TREES_SHARE]))


def _fit_line(rows: Matrix, cut: Cuts) -> Linear:
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


def _fit_boundary_and_score(
    lessons: Sequence[GapLesson], params: SegmentParams
) -> tuple[Blend, list[Matrix]]:
    """Fit the boundary model on all gaps, and score each page by one fitted without its fold."""

    def fitted(fold: int | None) -> Blend:
        found = _fit_boundary(
            [lesson for lesson in lessons if lesson.page.fold != fold] or lessons, params
        )
        _say("boundary model" + ("" if fold is None else f" without fold {fold}"))
        return found

    whole, unseen = with_and_without(fitted, [lesson.page.fold for lesson in lessons])
    return whole, [raw_log_odds(unseen[each.page.fold], each.gaps) for each in lessons]


def _platt(lessons: Sequence[GapLesson], raw: Sequence[Matrix]) -> tuple[float, float]:
    told = _told(lessons)
    return fit_logistic_curve(np.concatenate(raw)[told], _cuts(lessons)[told])


def _cuts(lessons: Sequence[GapLesson]) -> Cuts:
    return np.concatenate([lesson.page.cut for lesson in lessons])


def _told(lessons: Sequence[GapLesson]) -> npt.NDArray[np.bool_]:
    return np.concatenate([lesson.page.told for lesson in lessons])


def _edges(page: GapPage) -> tuple[list[int], list[int]]:
    return page.starts.tolist(), [0, *map(int, np.flatnonzero(page.cut))]


def _choose_weight(
    lessons: Sequence[GapLesson], log_odds: Sequence[Matrix], evidence: Matrix
) -> float:
    """Pick the weight of the length evidence with the best out-of-fold boundary F1."""
    best, chosen = -1.0, 0.0
    for weight in LENGTH_WEIGHTS:
        hits = errors = 0
        for (page, _), scores in zip(lessons, log_odds, strict=True):
            predicted = np.zeros(len(page.cut), dtype=np.int_)
            predicted[decode(scores, page.starts.tolist(), evidence, weight)] = 1
            hits += int((predicted & page.cut)[page.told].sum())
            errors += int((predicted ^ page.cut)[page.told].sum())
        f1 = 2 * hits / max(2 * hits + errors, 1)
        _say(f"length evidence at {weight}: out-of-fold F1 {f1:.4f}")
        if f1 > best:
            best, chosen = f1, weight
    return chosen


def _say(message: str) -> None:
    sys.stderr.write(f"segment: {message}\n")
    sys.stderr.flush()
