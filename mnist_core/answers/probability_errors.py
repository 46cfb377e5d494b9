"""`ProbabilityErrors`: how far a model's probabilities are from what is true, in three measures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mnist_core.answers.evaluation import Answers
from mnist_core.statistics import NORMAL_95


@dataclass(frozen=True)
class ProbabilityErrors:
    """Smaller is better; the first two are least where every probability is true.

    Attributes:
        loss: Mean negative log-likelihood of the true classes, in nats, ≥ 0; see `Answers.loss`.
        brier: Mean squared distance from a 1 for the true class and 0 for all others, summed over
            the classes, 0–2 (G. Brier 1950).
        calibration_error: Over 15 bins of confidence, 0–1; see `Calibration.expected_error`.
    """

    loss: float
    brier: float
    calibration_error: float


def probability_errors(answers: Answers) -> ProbabilityErrors:
    """All three.

    Args:
        answers: With probabilities of every class.
    """
    return ProbabilityErrors(
        float(answers.loss.mean()),
        float(squared_distances(answers).mean()),
        answers.calibration().expected_error,
    )


def squared_distances(answers: Answers) -> np.ndarray:
    """What each image adds to the Brier score. `float64`, shape `(n,)`, 0–2."""
    distances = answers.outputs.astype(np.float64)
    distances[np.arange(len(answers)), answers.y_true] -= 1
    return (distances**2).sum(axis=1)


def mean_change(before: np.ndarray, after: np.ndarray) -> tuple[float, float, float]:
    """By how much the mean of paired numbers changes, and the ends of its 95 % interval.

    The interval is that of the normal distribution; for a single pair it is infinite.

    Args:
        before: Of each image. Floats, shape `(n,)`, n ≥ 1.
        after: Of the same images.
    """
    changes = after - before
    n, change = len(changes), float(changes.mean())
    half = NORMAL_95 * float(changes.std(ddof=1)) / math.sqrt(n) if n > 1 else math.inf
    return change, change - half, change + half
