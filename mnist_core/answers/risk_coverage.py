"""`RiskCoverage`: how often answers are wrong if only the most confident are given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnist_core.answers.evaluation import Answers
from mnist_core.arrays import read_only


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """Errors against answers as a threshold on the confidence goes down (El-Yaniv, Wiener 2010).

    Images of the same confidence are answered together or not at all: no threshold tells them
    apart, so the curve has no point between them.

    Attributes:
        confidence: Every confidence there is, the highest first. `float64`, shape `(points,)`.
        answered: Images with at least this confidence. `int64`, shape `(points,)`, ascending.
        errors: How many of them are classified wrong. `int64`, shape `(points,)`.
    """

    confidence: np.ndarray
    answered: np.ndarray
    errors: np.ndarray

    @property
    def n(self) -> int:
        """All images."""
        return int(self.answered[-1])

    @property
    def coverage(self) -> np.ndarray:
        """Share of the images that is answered, 0–1. `float64`."""
        return self.answered / self.n

    @property
    def risk(self) -> np.ndarray:
        """Share of wrong answers among those given, 0–1. `float64`."""
        return self.errors / self.answered

    @property
    def area(self) -> float:
        """Mean risk over all numbers of answers from 1 to n, 0–1; smaller is better.

        The area under the curve (AURC; Geifman, Uziel, El-Yaniv 2019). Among images of the same
        confidence it is the mean over all orders they could be answered in.
        """
        given = np.arange(1, self.n + 1)
        ends = np.concatenate([[0], self.answered])
        return float(np.mean(np.interp(given, ends, [0, *self.errors]) / given))

    @property
    def least_area(self) -> float:
        """The area if the same answers were in the best order: every error behind all others."""
        given = np.arange(1, self.n + 1)
        right = self.n - int(self.errors[-1])
        return float(np.mean(np.maximum(given - right, 0) / given))

    def at(self, threshold: float) -> tuple[int, int]:
        """How many images are answered, and how many of these wrong, from this confidence on."""
        answered, errors = self.at_all(np.array([threshold]))
        return int(answered[0]), int(errors[0])

    def at_all(self, thresholds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same of many thresholds. Two arrays, `int64`, shape `(k,)`."""
        points = np.searchsorted(-self.confidence, -thresholds, side="right")
        return np.append(0, self.answered)[points], np.append(0, self.errors)[points]


def risk_coverage(answers: Answers) -> RiskCoverage:
    """The curve of answers, in the order of their confidence."""
    order = np.argsort(-answers.confidence, kind="stable")
    confidence = answers.confidence[order].astype(np.float64)
    is_last = np.append(confidence[1:] != confidence[:-1], True)
    wrong = np.cumsum(answers.y_pred[order] != answers.y_true[order])
    return RiskCoverage(
        read_only(confidence[is_last]),
        read_only(np.flatnonzero(is_last) + 1),
        read_only(wrong[is_last]),
    )


def is_answered(answers: Answers, threshold: float) -> np.ndarray:
    """Whether each image is answered: those with at least this confidence. `bool`, shape `(n,)`."""
    return answers.confidence.astype(np.float64) >= threshold
