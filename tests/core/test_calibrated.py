"""What perfect models show, against drawn answers: their calibration error, and the band."""

import numpy as np
import pytest
from scipy.stats import binom

from mnist_core.answers.calibrated import calibrated_errors, consistency_band
from mnist_core.answers.calibration import calibration
from mnist_core.answers.evaluation import Answers


def test_drawn_verdicts_have_the_error_that_an_evaluation_computes() -> None:
    confidence = np.random.default_rng(1).beta(8, 1, 2_000)
    found = calibrated_errors(confidence)
    random, by_hand = np.random.default_rng(2), []
    for _ in range(800):
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


def drawn(seed: int, n: int = 2_000) -> np.ndarray:
    return np.random.default_rng(seed).beta(8, 1, n)


EDGES = (0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1)


def test_the_band_holds_the_quantiles_of_the_binomial_where_all_are_equally_sure() -> None:
    (ends,) = consistency_band(np.full(400, 0.93), EDGES)
    assert (ends * 400).tolist() == pytest.approx([*binom.ppf([0.025, 0.975], 400, 0.93)])


def test_calibrated_models_lie_within_the_band_as_often_as_it_says() -> None:
    confidence, random = drawn(5), np.random.default_rng(6)
    band, inside = consistency_band(confidence, EDGES), []
    for _ in range(400):
        found = calibration(confidence, random.random(2_000) < confidence, EDGES)
        inside.append((band[:, 0] <= found.accuracy) & (found.accuracy <= band[:, 1]))
    shares = np.mean(inside, axis=0)
    assert len(shares) == 7
    assert (shares >= 0.93).all()  # 0.95 but for the chance of 400 draws
    assert shares.max() < 1


def test_what_was_recorded_in_half_precision_widens_the_band_by_its_rounding() -> None:
    sure = np.full(10_000, 0.9999)
    (exact,) = consistency_band(sure, EDGES)
    (rounded,) = consistency_band(sure.astype(np.float16), EDGES)  # all are 1
    assert rounded[1] == 1
    assert 0.999 < rounded[0] < exact[0]
    assert consistency_band(np.ones(10_000), EDGES).tolist() == [[1, 1]]


def test_bins_without_images_have_no_band() -> None:
    assert consistency_band(np.array([0.6, 0.97]), EDGES).shape == (2, 2)
