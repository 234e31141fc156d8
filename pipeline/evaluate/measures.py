"""The sections of ``metrics.json``, put together from gold and predictions.

Every function is pure: the same records and parameters give the same figures, the bootstrap
included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.evaluate import classification as labels
from pipeline.evaluate.answers import Answer
from pipeline.evaluate.calibration import Calibration, calibrate
from pipeline.evaluate.classification import Truth
from pipeline.evaluate.end_to_end import GoldLabels, Outcome
from pipeline.evaluate.intervals import Interval, f1_interval, mean_interval, percentile_interval
from pipeline.evaluate.parts import (
    link_figures,
    part_figures,
    residue_figures,
    trait_figures,
)
from pipeline.evaluate.segmentation import Cut, by_layout, judge_starts, score_page, summarise
from pipeline.params import EvaluateParams
from pipeline.records import Page

Section = dict[str, Any]
COVERAGES = (0.5, 0.7, 0.8, 0.9)  # shares of the stories, the surest first


def segmentation_section(
    pages: Sequence[Page], cuts: Sequence[Cut], params: EvaluateParams, *, parts: bool = True
) -> Section:
    """Measure the cuts: boundaries and pages with their intervals, by layout, parts and residue.

    :param parts: whether gold says which part of a story is what, which is truncated, and which
        are printings of one article.
    """
    scores = [score_page(*pair, params.tolerance) for pair in zip(pages, cuts, strict=True)]
    counts = np.array([score.counts for score in scores], dtype=np.int64).reshape(-1, 3)
    right = np.array([score.wholly_right for score in scores], dtype=np.float64)
    section: Section = {
        **summarise(scores),
        **ends("f1", f1_interval(counts, params.bootstrap, _rng(params))),
        **ends("pages_right", mean_interval(right, params.bootstrap, _rng(params))),
        "layout": by_layout(scores),
        "residue": residue_figures(pages, cuts),
        "calibration": calibration_figures(boundary_calibration(pages, cuts, params)),
        "single": calibration_figures(single_calibration(pages, cuts, params)),
    }
    traits = trait_figures(pages, cuts)
    if not parts:
        return {**section, "kind_accuracy": traits["kind_accuracy"]}
    links = link_figures(pages, cuts)
    return {**section, **traits, "parts": part_figures(pages, cuts), "same_as": links}


def topic_section(
    truths: Sequence[Truth],
    answers: Sequence[Answer],
    params: EvaluateParams,
    clusters: Sequence[str] | None = None,
) -> Section:
    """Measure the topics named for gold stories, main topic and sets, with intervals.

    :param clusters: the article each story is a printing of, where some share one.
    """
    named = [answer.topics for answer in answers]
    right = labels.main_right(truths, named)
    pairs = labels.main_pairs(truths, named)
    counts = labels.main_counts(pairs)
    sets = labels.set_scores(truths, named)
    macro = percentile_interval(
        lambda rows: labels.macro_of_counts(counts[rows]),
        len(pairs),
        params.bootstrap,
        _rng(params),
        clusters=clusters,
    )
    return {
        "stories": len(truths),
        "accuracy": _mean(right),
        **ends("accuracy", mean_interval(right, params.bootstrap, _rng(params), clusters=clusters)),
        "in_set": _mean(labels.main_in_set(truths, named)),
        "f1_macro": labels.macro_f1(pairs),
        **ends("f1_macro", macro),
        "multilabel": _set_figures(sets),
        "calibration": calibration_figures(topic_calibration(truths, answers, params)),
        "calibration_in_set": calibration_figures(
            topic_calibration(truths, answers, params, whole_set=True)
        ),
        "accuracy_at_coverage": _coverage(truths, answers, right),
    }


def _coverage(
    truths: Sequence[Truth], answers: Sequence[Answer], right: labels.Flags
) -> dict[str, float]:
    confidence = [
        answer.topic_scores[0][1] if answer.topic_scores else 0.0
        for truth, answer in zip(truths, answers, strict=True)
        if truth.accepted
    ]
    return {
        f"{share:.2f}": labels.accuracy_at_coverage(confidence, right, share) for share in COVERAGES
    }


def region_section(
    countries: Sequence[Truth],
    regions: Sequence[Truth],
    answers: Sequence[Answer],
    params: EvaluateParams,
    clusters: Sequence[str] | None = None,
) -> Section:
    """Measure the countries named for gold stories, and the regions they roll up to."""
    named = [answer.countries for answer in answers]
    rolled = [answer.regions for answer in answers]
    counts = labels.set_counts(countries, named)
    return {
        "stories": len(countries),
        "country": {
            **_set_figures(labels.set_scores(countries, named)),
            **ends("f1", f1_interval(counts, params.bootstrap, _rng(params), clusters=clusters)),
            "first_accuracy": _mean(labels.main_right(countries, named)),
        },
        "subregion": {
            **_set_figures(labels.set_scores(regions, rolled)),
            "first_accuracy": _mean(labels.main_right(regions, rolled)),
        },
        "calibration": calibration_figures(country_calibration(countries, answers, params)),
    }


def end_to_end_section(
    truths: Sequence[GoldLabels],
    outcomes: Sequence[Outcome],
    predicted: int,
    params: EvaluateParams,
    clusters: Sequence[str] | None = None,
) -> Section:
    """Measure whole pages, over all gold stories; one that was not found is wrong.

    Countries are left out where gold names none.

    :param predicted: how many stories were cut from the same pages.
    """
    topics = [truth.topics for truth in truths]
    countries = [truth.countries for truth in truths]
    regions = [truth.regions for truth in truths]
    found = np.array([outcome.found for outcome in outcomes], dtype=np.bool_)
    right = labels.main_right(topics, [outcome.topics for outcome in outcomes])
    named = [outcome.countries for outcome in outcomes]
    section: Section = {
        "stories": len(truths),
        "found": _mean(found),
        **ends("found", mean_interval(found, params.bootstrap, _rng(params), clusters=clusters)),
        "found_precision": int(found.sum()) / predicted if predicted else 0.0,
        "topic_accuracy": _mean(right),
        **ends(
            "topic_accuracy",
            mean_interval(right, params.bootstrap, _rng(params), clusters=clusters),
        ),
        "topic_multilabel_f1": labels.set_scores(topics, [o.topics for o in outcomes]).f1,
    }
    if not any(truth.labels for truth in countries):
        return section
    counts = labels.set_counts(countries, named)
    return {
        **section,
        "country_f1": labels.set_scores(countries, named).f1,
        **ends(
            "country_f1", f1_interval(counts, params.bootstrap, _rng(params), clusters=clusters)
        ),
        "subregion_f1": labels.set_scores(regions, [o.regions for o in outcomes]).f1,
    }


def boundary_calibration(
    pages: Sequence[Page], cuts: Sequence[Cut], params: EvaluateParams
) -> Calibration:
    """Set the probability of each cut that is right or wrong against which of the two it is."""
    probabilities: list[float] = []
    outcomes: list[bool] = []
    for page, cut in zip(pages, cuts, strict=True):
        said = {story.start: story.boundary for story in cut.stories}
        judged = judge_starts(page, list(said), params.tolerance)
        for _, start in judged.right:
            probabilities.append(said[start])
            outcomes.append(True)
        for start in judged.wrong:
            probabilities.append(said[start])
            outcomes.append(False)
    return calibrate(probabilities, outcomes, params.bins)


def single_calibration(
    pages: Sequence[Page], cuts: Sequence[Cut], params: EvaluateParams
) -> Calibration:
    """Set the probability that a page is one story against whether it is."""
    said = [
        (cut.single, len(page.stories) == 1)
        for page, cut in zip(pages, cuts, strict=True)
        if cut.single is not None and page.stories
    ]
    return calibrate([score for score, _ in said], [one for _, one in said], params.bins)


def topic_calibration(
    truths: Sequence[Truth],
    answers: Sequence[Answer],
    params: EvaluateParams,
    *,
    whole_set: bool = False,
) -> Calibration:
    """Set the score of each main topic against whether it is accepted (top-label calibration).

    :param whole_set: against whether it is any topic of the story, main or not.
    """
    decided = [
        (score, key in truth.accepted or (whole_set and key in {*truth.labels, *truth.also}))
        for truth, answer in zip(truths, answers, strict=True)
        for key, score in answer.topic_scores[:1]
        if truth.accepted
    ]
    return calibrate([score for score, _ in decided], [hit for _, hit in decided], params.bins)


def country_calibration(
    truths: Sequence[Truth], answers: Sequence[Answer], params: EvaluateParams
) -> Calibration:
    """Set the score of every candidate country against whether it is in gold."""
    decided = [
        (score, code in truth.labels)
        for truth, answer in zip(truths, answers, strict=True)
        for code, score in answer.country_scores
        if code in truth.labels or code not in truth.also
    ]
    return calibrate([score for score, _ in decided], [hit for _, hit in decided], params.bins)


def calibration_figures(measured: Calibration) -> dict[str, float]:
    """Name the figures of a calibration."""
    return {"ece": measured.ece, "brier": measured.brier, "decisions": measured.size}


def ends(name: str, interval: Interval) -> dict[str, float]:
    """Name the two ends of an interval.

    >>> ends("f1", Interval(0.8, 0.9))
    {'f1_low': 0.8, 'f1_high': 0.9}
    """
    return {f"{name}_low": interval.low, f"{name}_high": interval.high}


def _set_figures(scores: labels.SetScores) -> dict[str, float]:
    return {
        "precision": scores.precision,
        "recall": scores.recall,
        "f1": scores.f1,
        "f1_macro": scores.f1_macro,
    }


def _mean(flags: labels.Flags) -> float:
    return float(flags.mean()) if flags.size else 0.0


def _rng(params: EvaluateParams) -> np.random.Generator:
    return np.random.default_rng(params.seed)
