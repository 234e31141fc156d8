"""F1, calibration and Brier against published worked examples."""

from __future__ import annotations

import pytest

from pipeline.evaluate.calibration import calibrate
from pipeline.evaluate.classification import Truth, macro_f1, set_scores


def test_macro_f1_of_the_scikit_learn_example() -> None:
    # scikit-learn's documentation of f1_score: y_true = [0, 1, 2, 0, 1, 2],
    # y_pred = [0, 2, 1, 0, 0, 1], macro 0.26 (0.8, 0, 0), micro 0.33.
    pairs = list(zip("abcabc", "acbaab", strict=True))
    assert macro_f1(pairs) == pytest.approx(0.8 / 3)


def test_micro_and_macro_of_manning_et_al() -> None:
    # Manning, Raghavan and Schütze (2008), "Introduction to Information Retrieval", table 13.8:
    # class 1 has tp 10, fp 10, fn 10; class 2 tp 90, fp 10, fn 10. Macro precision 0.7
    # ((10/20 + 90/100) / 2), micro precision 100/120 = 0.83.
    truths = [Truth(("one",))] * 20 + [Truth(("two",))] * 100 + [Truth(())] * 20
    predicted: list[tuple[str, ...]] = [("one",)] * 10 + [()] * 10 + [("two",)] * 90 + [()] * 10
    predicted += [("one",)] * 10 + [("two",)] * 10
    scores = set_scores(truths, predicted)
    assert scores.precision == pytest.approx(100 / 120)
    assert sum(label.precision for label in scores.labels) / 2 == pytest.approx(0.7)
    assert scores.f1_macro == pytest.approx((0.5 + 0.9) / 2)


@pytest.mark.parametrize(
    ("confidences", "right", "bins", "ece"),
    [
        # TorchMetrics' documentation of BinaryCalibrationError (l1): 0.29.
        ([0.25, 0.25, 0.55, 0.75, 0.75], [False, False, True, True, True], 2, 0.29),
        # TorchMetrics' documentation of MulticlassCalibrationError (l1): top labels
        # 2, 0, 2, 0 of gold 0, 1, 2, 0 with three bins: 0.2.
        ([0.55, 0.55, 0.60, 0.90], [False, False, True, True], 3, 0.2),
    ],
)
def test_expected_calibration_error(
    confidences: list[float], right: list[bool], bins: int, ece: float
) -> None:
    assert calibrate(confidences, right, bins).ece == pytest.approx(ece)


def test_expected_calibration_error_by_hand() -> None:
    # Guo et al. (2017), "On Calibration of Modern Neural Networks", equation 3: the sum over bins
    # of |B_m| / n * |acc(B_m) - conf(B_m)|, here 4/6 * |0.75 - 0.9| + 2/6 * |0.5 - 0.3|.
    confidences = [0.85, 0.95, 0.88, 0.92, 0.25, 0.35]
    right = [True, True, True, False, True, False]
    measured = calibrate(confidences, right, 2)
    assert measured.ece == pytest.approx(4 / 6 * 0.15 + 2 / 6 * 0.2)


def test_a_perfectly_sure_and_right_forecaster_has_no_brier_penalty() -> None:
    # Brier (1950), "Verification of forecasts expressed in terms of probability": for two classes
    # his score is twice the mean squared difference; 0 for certain and right, 1 for certain and
    # wrong, 0.25 for "one half" whatever comes.
    assert calibrate([1.0, 0.0], [True, False], 10).brier == 0.0
    assert calibrate([0.0, 1.0], [True, False], 10).brier == 1.0
    assert calibrate([0.5, 0.5], [True, False], 10).brier == pytest.approx(0.25)
