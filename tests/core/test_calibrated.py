"""The calibration error of perfect models against the error of drawn answers, and its bounds."""

import numpy as np
import pytest

from mnist_core.answers.calibrated import calibrated_errors
from mnist_core.answers.evaluation import Answers


def test_drawn_verdicts_have_the_error_that_an_evaluation_computes() -> None:
    confidence = np.random.default_rng(1).beta(8, 1, 2_000)
    found = calibrated_errors(confidence, draws=200)
    random, by_hand = np.random.default_rng(2), []
    for _ in range(200):
        wrong = (random.random(2_000) >= confidence).astype(int)
        answers = Answers(np.zeros(2_000, np.uint8), wrong, confidence, 2)
        by_hand.append(answers.calibration().expected_error)
    assert np.median(found) == pytest.approx(np.median(by_hand), rel=0.05)
    assert np.quantile(found, 0.95) == pytest.approx(np.quantile(by_hand, 0.95), rel=0.08)


def test_the_same_seed_gives_the_same_errors_in_order() -> None:
    confidence = np.linspace(0.3, 1, 500)
    first, again = (calibrated_errors(confidence, draws=50, seed=3) for _ in range(2))
    assert np.array_equal(first, again)
    assert (np.diff(first) >= 0).all()
    assert not np.array_equal(first, calibrated_errors(confidence, draws=50, seed=4))


def test_a_model_that_is_always_sure_has_no_error_if_it_is_calibrated() -> None:
    assert calibrated_errors(np.ones(100), draws=10).max() == 0
