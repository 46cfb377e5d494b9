"""Risk against coverage by hand and over all orders of ties; proposals keep what they promise."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import beta, binomtest

from mnist_core.answers.evaluation import Answers
from mnist_core.answers.risk_coverage import RiskCoverage, is_answered, risk_coverage
from mnist_core.answers.thresholds import HIGHEST_STEP, propose, threshold_at


def answered(confidence: list[float] | np.ndarray, is_wrong: list[int] | np.ndarray) -> Answers:
    sure = np.asarray(confidence, np.float64)
    return Answers(np.zeros(len(sure), np.uint8), np.asarray(is_wrong).astype(int), sure, 2)


BY_HAND = answered([0.7, 0.9, 0.9, 0.6, 0.8, 0.9], [1, 0, 1, 1, 0, 0])


def test_a_case_worked_out_by_hand() -> None:
    curve = risk_coverage(BY_HAND)
    assert curve.confidence.tolist() == [0.9, 0.8, 0.7, 0.6]
    assert curve.answered.tolist() == [3, 4, 5, 6]
    assert curve.errors.tolist() == [1, 1, 2, 3]
    assert curve.coverage.tolist() == [3 / 6, 4 / 6, 5 / 6, 1]
    assert curve.risk.tolist() == [1 / 3, 1 / 4, 2 / 5, 1 / 2]
    assert [curve.at(threshold) for threshold in (0, 0.6, 0.65, 0.9, 0.91)] == [
        (6, 3),
        (6, 3),
        (5, 2),
        (3, 1),
        (0, 0),
    ]
    assert is_answered(BY_HAND, 0.8).tolist() == [False, True, True, False, True, True]


def test_the_area_is_the_mean_over_all_orders_of_ties() -> None:
    order = np.argsort(-BY_HAND.confidence, kind="stable")
    wrong = (BY_HAND.y_pred != BY_HAND.y_true)[order]
    areas = []
    for tied in permutations(range(3)):
        in_order = np.concatenate([wrong[list(tied)], wrong[3:]])
        areas.append(np.mean(np.cumsum(in_order) / np.arange(1, 7)))
    assert risk_coverage(BY_HAND).area == pytest.approx(np.mean(areas))


def test_the_least_area_is_that_of_the_best_of_all_orders() -> None:
    wrong = BY_HAND.y_pred != BY_HAND.y_true
    given = np.arange(1, 7)
    least = min(np.mean(np.cumsum(wrong[list(order)]) / given) for order in permutations(range(6)))
    assert risk_coverage(BY_HAND).least_area == pytest.approx(least)
    perfect = risk_coverage(answered([0.9, 0.8, 0.5], [0, 0, 1]))
    assert perfect.area == pytest.approx(perfect.least_area)


def test_equal_confidences_make_one_point() -> None:
    curve = risk_coverage(answered(np.ones(50), np.arange(50) < 5))
    assert (curve.answered.tolist(), curve.errors.tolist()) == ([50], [5])
    assert curve.area == pytest.approx(0.1)


def test_a_threshold_is_compared_in_full_precision() -> None:
    almost = np.nextafter(np.float32(1), np.float32(0))
    two_below = np.nextafter(almost, np.float32(0))  # 0.99999988, below seven nines
    confidence = np.array([1, almost, two_below], np.float32)
    answers = Answers(np.zeros(3, int), np.ones(3, int), confidence, 2)
    threshold = threshold_at(HIGHEST_STEP)
    assert is_answered(answers, threshold).tolist() == [True, True, False]
    assert risk_coverage(answers).at(threshold) == (2, 2)


def test_steps_are_nines() -> None:
    found = [threshold_at(step) for step in (0, 100, 200, 300, 700)]
    assert found == pytest.approx([0, 0.9, 0.99, 0.999, 0.9999999], abs=1e-12)


def model(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidences of a model that errs three times as often as it says."""
    random = np.random.default_rng(seed)
    confidence = 1 - 10 ** -random.gamma(4, 0.6, n)
    return confidence, random.random(n) < np.minimum(1, 3 * (1 - confidence))


MANY = risk_coverage(answered(*model(99, 400_000)))


@pytest.mark.parametrize("target", [0.03, 0.06])
def test_a_proposal_keeps_its_promise_in_95_of_100_samples(target: float) -> None:
    broken, found = 0, []
    for seed in range(400):
        proposal = propose(risk_coverage(answered(*model(seed, 2_000))), target)
        if proposal is not None:
            given, errors = MANY.at(proposal.threshold)
            broken += errors / given > target
            found.append(given / MANY.n)
    assert broken / 400 <= 0.05 + 1.64 * np.sqrt(0.05 * 0.95 / 400)
    # And it does not refuse everything: most answer half of what the best threshold would.
    best = MANY.coverage[MANY.risk <= target].max()
    assert len(found) > 0.8 * 400
    assert np.median(found) > best / 2


def test_nothing_is_proposed_for_confidences_that_say_nothing() -> None:
    broken = 0
    for seed in range(400):
        random = np.random.default_rng(seed)
        blind = answered(random.random(2_000) ** 0.1, random.random(2_000) < 0.031)
        broken += propose(risk_coverage(blind), 0.03) is not None
    assert broken / 400 <= 0.05


def test_a_proposal_is_exact_where_all_are_answered_or_none_can_be() -> None:
    sure = np.linspace(0.95, 1, 1_000)
    right = risk_coverage(answered(sure, np.zeros(1_000)))
    everything = propose(right, 0.01)
    assert everything is not None
    assert (everything.step, everything.threshold, everything.answered) == (0, 0, 1_000)
    assert propose(right, 0.001) is None  # 1,000 images without an error cannot show that
    assert propose(risk_coverage(answered(sure, np.ones(1_000))), 0.5) is None


def test_a_proposal_passes_the_exact_test_and_the_step_below_does_not() -> None:
    curve = risk_coverage(answered(*model(3, 5_000)))
    proposal = propose(curve, 0.02)
    assert proposal is not None
    assert curve.at(proposal.threshold) == (proposal.answered, proposal.errors)

    def p_value(step: int) -> float:
        given, errors = curve.at(threshold_at(step))
        return float(binomtest(errors, given, 0.02, alternative="less").pvalue)

    assert p_value(proposal.step) <= 0.05 / 5
    assert p_value(proposal.step - 1) > 0.05 / 5


def test_a_search_ends_at_the_first_failure_though_a_lower_threshold_would_pass() -> None:
    curve = RiskCoverage(
        np.array([0.999, 0.95, 0.5]), np.array([99_000, 99_200, 100_000]), np.array([0, 83, 83])
    )
    target = float(beta.ppf(0.95, 84, 99_600 - 83))  # the exact limit of as many among 99,600
    proposal = propose(curve, target)
    assert proposal is not None
    assert (proposal.answered, proposal.errors) == (99_000, 0)
    assert threshold_at(proposal.step - 1) <= 0.95 < proposal.threshold


def test_the_areas_of_an_empty_sample_of_errors_are_nothing() -> None:
    curve = RiskCoverage(np.array([0.9]), np.array([4]), np.array([0]))
    assert (curve.area, curve.least_area) == (0, 0)
