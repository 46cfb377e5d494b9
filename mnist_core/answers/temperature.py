"""`fit_temperature`: one number to divide logits by, so that a model is as sure as it is right.

C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On Calibration of Modern Neural Networks" (2017).
"""

import math
from dataclasses import dataclass

import numpy as np

from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.errors import EvaluationError

LOWEST, HIGHEST = 0.01, 100.0
"""Temperatures that are looked at; beyond them, answers are as good as certain or as guesses."""

SMALLEST = float(np.finfo(np.float32).tiny)
"""A probability of 0 is taken as this: what models compute in `float32` vanishes below it."""


@dataclass(frozen=True)
class Temperature:
    """What logits are divided by, and whether that is more than chance.

    Attributes:
        value: Above 1 where the model is too sure, below 1 where it is not sure enough.
        p_value: How often chance alone would move it at least as far from 1, 0–1, by the
            likelihood-ratio test (S. Wilks 1938).
    """

    value: float
    p_value: float


def fit_temperature(answers: Answers) -> Temperature | None:
    """The temperature at which the mean negative log-likelihood of the true classes is least.

    The likelihood has a single minimum, because it is convex in the inverse of the temperature:
    there its slope, the mean logit that the model expects less that of the truth, is 0.

    Args:
        answers: To images that the model did not train on.

    Returns:
        `None` where no temperature from `LOWEST` to `HIGHEST` is the best: if all answers are
        right, being surer is always better, and if they are no better than guesses, being less
        sure is.

    Raises:
        EvaluationError: The answers are no probabilities of every class.
    """
    logits = _logits(answers)
    of_truth = logits[np.arange(len(logits)), answers.y_true]

    def slope(temperature: float) -> float:
        expected = (_softmax(logits / temperature) * logits).sum(axis=1)
        return float(np.mean(expected - of_truth))

    if slope(LOWEST) <= 0 or slope(HIGHEST) >= 0:
        return None
    low, high = math.log(LOWEST), math.log(HIGHEST)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(math.exp(middle)) > 0 else (low, middle)
    value = math.exp((low + high) / 2)
    return Temperature(value, _p_value(logits, of_truth, value))


def at_temperature(answers: Answers, temperature: float) -> Answers:
    """The same answers after a division of the logits; what is predicted stays the same.

    Args:
        answers: With probabilities of every class.
        temperature: Above 0; 1 changes nothing.

    Raises:
        EvaluationError: The answers are no probabilities of every class.
    """
    return evaluate(answers.y_true, _softmax(_logits(answers) / temperature))


def vanished(answers: Answers) -> int:
    """How many probabilities are 0, so that `SMALLEST` stands in for them."""
    return int(np.sum(answers.outputs <= 0))


def _logits(answers: Answers) -> np.ndarray:
    """The logits but for a constant of each image, the greatest 0. `float64`."""
    if answers.output == "scores":
        raise EvaluationError(
            "Expected probabilities whose temperature can change. Received: scores, of which only "
            "the order counts. Choose a run whose model ends in a softmax."
        )
    logs = np.log(np.maximum(answers.outputs.astype(np.float64), SMALLEST))
    return logs - logs.max(axis=1, keepdims=True)


def _p_value(logits: np.ndarray, of_truth: np.ndarray, temperature: float) -> float:
    """Of twice the gain in log-likelihood, by chi-square with one degree of freedom."""

    def likelihood(by: float) -> float:
        return float(np.sum(of_truth / by - np.log(np.exp(logits / by).sum(axis=1))))

    return math.erfc(math.sqrt(max(0.0, likelihood(temperature) - likelihood(1.0))))


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)
