"""Pk and WindowDiff against values that others published.

Segmentations are given as masses (sentences or paragraphs a segment), as Fournier and Inkpen
(2012) write them.
"""

from __future__ import annotations

from itertools import permutations
from statistics import fmean

import pytest

from pipeline.evaluate.segmentation import window_errors

# Four annotators' segmentations of chapters of "The Moonstone" (Collins 1868), collected by
# Kazantseva and Szpakowicz (2012), "Topical Segmentation: a Study of Human Performance", group 5,
# as distributed with segeval 2.0 (Fournier 2013).
MOONSTONE = {
    "ch1": [[2, 8, 2, 1], [11, 2], [2, 1, 7, 2, 1], [9, 4]],
    "ch3": [
        [2, 3, 4, 2, 5, 17, 4, 1],
        [6, 5, 27],
        [3, 8, 2, 3, 17, 2, 2, 1],
        [3, 15, 15, 5],
    ],
    "ch4": [
        [2, 9, 2, 5, 2, 19, 1, 6],
        [17, 25, 4],
        [1, 10, 2, 4, 1, 2, 3, 10, 6, 6, 1],
        [12, 5, 29],
    ],
    "ch11": [
        [10, 4, 3, 2, 1, 8, 3, 2, 6, 1, 2, 8, 10, 9, 4, 10, 4, 8, 4, 3, 5, 4],
        [20, 22, 8, 11, 11, 11, 13, 11, 4],
        [
            *[1, 7, 2, 4, 3, 3, 10, 1, 1, 5, 3, 2, 8, 3, 3, 3, 14],
            *[4, 1, 1, 4, 4, 2, 7, 3, 2, 3, 3, 2, 1, 1],
        ],
        [10, 10, 15, 11, 4, 10, 13, 5, 4, 23, 6],
    ],
}


def gaps(masses: list[int]) -> str:
    """Turn ``[2, 3]`` into the gaps ``"0100"``: a boundary before the third of five units."""
    return "1".join("0" * (mass - 1) for mass in masses)


def errors(gold: list[int], predicted: list[int]) -> tuple[float, float]:
    return window_errors(gaps(gold), gaps(predicted))


def test_human_agreement_on_the_moonstone() -> None:
    # segeval 2.0's own tests: mean over all ordered pairs of annotators of a chapter.
    pairs = [
        errors(gold, predicted)
        for annotators in MOONSTONE.values()
        for gold, predicted in permutations(annotators, 2)
    ]
    assert len(pairs) == 48
    assert fmean(pk for pk, _ in pairs) == pytest.approx(0.35530058282396693, abs=1e-12)
    assert fmean(wd for _, wd in pairs) == pytest.approx(0.42514977232721135, abs=1e-12)


@pytest.mark.parametrize(
    ("predicted", "windows"),
    [([12], 3), ([5, 7], 2), ([1, 5, 6], 1), ([5, 1, 1, 5], 5)],
)
def test_windowdiff_of_scaiano_and_inkpen(predicted: list[int], windows: int) -> None:
    # Scaiano and Inkpen (2012), "Getting More from Segmentation Evaluation": twelve
    # units cut in the middle, window of 3; as in segeval's test_scaiano_paper_b to _e.
    assert errors([6, 6], predicted)[1] == pytest.approx(windows / 9)


@pytest.mark.parametrize(
    ("gold", "predicted", "pk", "windowdiff"),
    [
        ([5, 3, 5], [4, 4, 5], 2 / 11, 2 / 11),  # a near miss
        ([5, 3, 5], [5, 1, 2, 5], 1 / 11, 2 / 11),  # one boundary too many: Pk sees half of it
        ([4, 4, 5], [5, 1, 2, 5], 3 / 11, 3 / 11),
        ([4, 4, 5], [1] * 13, 7 / 11, 1.0),
        ([4, 4, 5], [13], 4 / 11, 4 / 11),
        ([2, 3, 6], [2, 2, 7], 2 / 9, 2 / 9),
    ],
)
def test_worked_examples(
    gold: list[int], predicted: list[int], pk: float, windowdiff: float
) -> None:
    # Fournier (2013), segeval 2.0's unit tests for Pk and WindowDiff.
    assert errors(gold, predicted) == pytest.approx((pk, windowdiff))


def test_trivial_segmenters_score_about_one_half() -> None:
    # Beeferman, Berger and Lafferty (1999): a boundary everywhere, or nowhere, earns
    # a Pk of about one half. Segments of four units, window of two (the example in NLTK's docs).
    gold = gaps([4] * 100)
    assert window_errors(gold, "1" * len(gold))[0] == pytest.approx(0.5, abs=0.01)
    assert window_errors(gold, "0" * len(gold))[0] == pytest.approx(0.5, abs=0.01)


def test_windowdiff_weighs_a_false_positive_like_a_miss_and_pk_does_not() -> None:
    # Pevzner and Hearst (2002), section 3: in segments of size 2k a miss costs Pk k windows; a
    # false positive in the middle costs k too, but near a true boundary ever less. WindowDiff
    # charges k either way.
    segments, k = 20, 10
    gold = gaps([2 * k] * segments)
    windows = len(gold) + 1 - k
    position = 2 * k * 10 - 1  # the gap of a true boundary
    assert gold[position] == "1"
    missed = gold[:position] + "0" + gold[position + 1 :]
    assert window_errors(gold, missed) == pytest.approx((k / windows, k / windows))
    near = position + 2  # two units into the segment
    extra = gold[:near] + "1" + gold[near + 1 :]
    pk, windowdiff = window_errors(gold, extra)
    assert windowdiff == pytest.approx(k / windows)
    assert pk == pytest.approx(2 / windows)
