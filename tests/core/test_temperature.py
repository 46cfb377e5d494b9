"""The temperature against a grid, scipy and logistic regression; errors against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from scipy.stats import chi2, norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss

from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.answers.probability_errors import (
    mean_change,
    probability_errors,
    squared_distances,
)
from mnist_core.answers.temperature import (
    at_temperature,
    fit_temperature,
    vanished,
)
from mnist_core.errors import EvaluationError


def drawn(
    true_temperature: float, n: int = 4_000, n_classes: int = 5
) -> tuple[np.ndarray, Answers]:
    """Logits, and the answers of a model whose labels come from them at another temperature."""
    random = np.random.default_rng(n + n_classes)
    logits = random.normal(size=(n, n_classes)) * 4
    truths = softmax(logits / true_temperature, axis=1).cumsum(axis=1)
    labels = (truths < random.random((n, 1))).sum(axis=1).clip(0, n_classes - 1).astype(np.uint8)
    return logits, evaluate(labels, softmax(logits, axis=1).astype(np.float32))


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.5])
def test_it_is_the_best_of_a_grid_and_that_of_scipy(true_temperature: float) -> None:
    logits, answers = drawn(true_temperature)
    labels = answers.y_true

    def likelihood(temperature: float) -> float:
        logs = log_softmax(logits / temperature, axis=1)
        return float(-logs[np.arange(len(labels)), labels].mean())

    fitted = fit_temperature(answers)
    assert fitted is not None
    found = fitted.value
    assert found == pytest.approx(true_temperature, rel=0.1)
    grid = np.geomspace(0.05, 20, 600)
    best = grid[np.argmin([likelihood(temperature) for temperature in grid])]
    assert found == pytest.approx(best, rel=0.01)
    by_scipy = minimize_scalar(likelihood, bounds=(0.1, 10), options={"xatol": 1e-9})
    assert found == pytest.approx(by_scipy.x, rel=1e-4)


def test_of_two_classes_it_is_the_inverse_of_a_logistic_regression() -> None:
    logits, answers = drawn(1.7, n_classes=2)
    lead = (logits[:, 1] - logits[:, 0])[:, None]
    regression = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10)
    regression.fit(lead, answers.y_true)
    found = fit_temperature(answers)
    assert found is not None
    assert found.value == pytest.approx(1 / regression.coef_[0, 0], rel=1e-4)


@pytest.mark.parametrize("true_temperature", [1.0, 1.05])
def test_whether_it_is_more_than_chance_is_said_by_the_likelihood_ratio(
    true_temperature: float,
) -> None:
    logits, answers = drawn(true_temperature)
    found, rows = fit_temperature(answers), np.arange(len(logits))
    assert found is not None
    before, after = (
        log_softmax(logits / one, axis=1)[rows, answers.y_true].sum() for one in (1, found.value)
    )
    assert found.p_value == pytest.approx(chi2.sf(2 * (after - before), 1), rel=1e-3)


def test_at_a_temperature_answers_are_the_softmax_of_the_logits_divided_by_it() -> None:
    logits, answers = drawn(1.0)
    cooler = at_temperature(answers, 2.5)
    np.testing.assert_allclose(cooler.y_prob, softmax(logits / 2.5, axis=1), rtol=2e-5)
    assert np.array_equal(cooler.y_pred, answers.y_pred)
    np.testing.assert_allclose(at_temperature(answers, 1).y_prob, answers.y_prob, rtol=1e-6)


def test_what_vanished_is_counted_and_stays_small() -> None:
    answers = evaluate(np.array([0, 1]), np.array([[1, 0, 0], [0.5, 0.5, 0]], np.float32))
    assert vanished(answers) == 3
    warmer = at_temperature(answers, 2).y_prob
    assert warmer is not None
    assert (warmer > 0).all()
    assert warmer[0, 1] == pytest.approx(np.sqrt(np.finfo(np.float32).tiny))


@pytest.mark.parametrize("y_true", [[0, 1, 0], [1, 2, 2]], ids=["all right", "worse than guesses"])
def test_where_none_is_best_there_is_none(y_true: list[int]) -> None:
    y_prob = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.5, 0.3, 0.2]])
    assert fit_temperature(evaluate(np.array(y_true), y_prob)) is None


def test_scores_and_recorded_predictions_have_none() -> None:
    scores = evaluate(np.array([0, 1]), np.array([[3.0, -2], [1, 0]]), "scores")
    with pytest.raises(EvaluationError, match="Received: scores"):
        fit_temperature(scores)
    recorded = Answers(np.array([0]), np.array([0]), np.array([0.9]), 2)
    with pytest.raises(EvaluationError, match="only the predictions"):
        at_temperature(recorded, 2)


@pytest.mark.parametrize("n_classes", [2, 5])
def test_the_errors_are_those_of_scikit_learn(n_classes: int) -> None:
    _, answers = drawn(2.0, n_classes=n_classes)
    found, labels = probability_errors(answers), range(n_classes)
    y_prob = answers.outputs.astype(np.float64)
    y_prob /= y_prob.sum(axis=1, keepdims=True)
    assert found.loss == pytest.approx(log_loss(answers.y_true, y_prob, labels=labels), rel=1e-4)
    brier = brier_score_loss(answers.y_true, y_prob, labels=labels, scale_by_half=False)
    assert found.brier == pytest.approx(brier, rel=1e-6)
    assert found.calibration_error == answers.calibration().expected_error


def test_a_change_of_means_has_the_interval_of_its_pairs() -> None:
    _, answers = drawn(2.0)
    before = squared_distances(answers)
    after = squared_distances(at_temperature(answers, 2))
    change, low, high = mean_change(before, after)
    error = (after - before).std(ddof=1) / np.sqrt(len(answers))
    assert change == pytest.approx(after.mean() - before.mean())
    assert (low, high) == pytest.approx(norm.interval(0.95, change, error))
    assert mean_change(np.ones(1), np.zeros(1)) == (-1, -np.inf, np.inf)
