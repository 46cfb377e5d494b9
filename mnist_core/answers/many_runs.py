"""`ManyRuns`: the answers of several runs to the same images; who leads, and who errs where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import EvaluationError
from mnist_core.statistics import PairedTest, holm, paired_test, wilson_interval

SIGNIFICANT = 0.05
"""Below this p-value, corrected for all that were tested, a difference counts as shown."""


@dataclass(frozen=True)
class AgainstBest:
    """How a run compares with the one that has the highest accuracy on the same images.

    Attributes:
        test: The paired test by itself: difference of the accuracies, −1 to 0, and its interval.
        p_value: Its p-value corrected for all runs that were tested (Holm 1979), 0–1.
    """

    test: PairedTest
    p_value: float


@dataclass(frozen=True, eq=False)
class ManyRuns:
    """What one or more runs predicted for the same images; read-only.

    Attributes:
        y_true: True class of each image. Integers, shape `(n,)`, n ≥ 1.
        predicted: Predicted class of each image by each run. Integers, shape `(runs, n)`.

    Raises:
        EvaluationError: There is no run or no image, or the shapes do not fit together.
    """

    y_true: np.ndarray
    predicted: np.ndarray

    def __post_init__(self) -> None:
        y_true, predicted = np.asarray(self.y_true), np.asarray(self.predicted)
        if predicted.ndim != 2 or not predicted.size or y_true.shape != predicted.shape[1:]:
            raise EvaluationError(
                "Expected one row of predictions for each of one or more runs, to one or more "
                f"images. Received: predictions of shape {predicted.shape} and true classes of "
                f"shape {y_true.shape}. Take answers to the same images."
            )
        object.__setattr__(self, "y_true", read_only(y_true))
        object.__setattr__(self, "predicted", read_only(predicted))

    def __len__(self) -> int:
        """Number of runs."""
        return len(self.predicted)

    @property
    def n_images(self) -> int:
        """Number of images."""
        return len(self.y_true)

    @cached_property
    def is_wrong(self) -> np.ndarray:
        """Whether each run is wrong on each image. `bool`, shape `(runs, n)`."""
        return read_only(self.predicted != self.y_true)

    @cached_property
    def errors(self) -> np.ndarray:
        """Images that each run reads wrong. `int64`, shape `(runs,)`."""
        return read_only(self.is_wrong.sum(axis=1))

    @property
    def accuracy(self) -> np.ndarray:
        """Share of the images that each run reads right, 0–1. `float64`, shape `(runs,)`."""
        return 1 - self.errors / self.n_images

    def accuracy_interval(self, run: int) -> tuple[float, float]:
        """95 % interval of one run's accuracy (Wilson 1927), 0–1."""
        return wilson_interval(self.n_images - int(self.errors[run]), self.n_images)

    @cached_property
    def n_wrong(self) -> np.ndarray:
        """How many runs are wrong on each image. `int64`, shape `(n,)`."""
        return read_only(self.is_wrong.sum(axis=0))

    @cached_property
    def alone(self) -> np.ndarray:
        """Images that each run reads wrong and every other right. `int64`, shape `(runs,)`."""
        return read_only(self.is_wrong[:, self.n_wrong == 1].sum(axis=1))

    @property
    def best(self) -> int:
        """The run with the highest accuracy; of equals the first."""
        return int(self.errors.argmin())

    @cached_property
    def against_best(self) -> tuple[AgainstBest | None, ...]:
        """Every run against the best by the paired test, corrected for all; `None` for the best.

        The best is found on the same images, which favours it a little.
        """
        best, others = self.is_wrong[self.best], [k for k in range(len(self)) if k != self.best]
        tests = [
            paired_test(int((best & ~wrong).sum()), int((wrong & ~best).sum()), self.n_images)
            for wrong in self.is_wrong[others]
        ]
        found: list[AgainstBest | None] = [None] * len(self)
        corrected = holm([test.p_value for test in tests])
        for run, test, p_value in zip(others, tests, corrected, strict=True):
            found[run] = AgainstBest(test, p_value)
        return tuple(found)

    @property
    def leading(self) -> tuple[int, ...]:
        """The best run and those with no difference shown from it, the highest accuracy first."""
        group = [
            run
            for run, against in enumerate(self.against_best)
            if against is None or against.p_value >= SIGNIFICANT
        ]
        return tuple(sorted(group, key=lambda run: (int(self.errors[run]), run != self.best)))

    def wrong_in_all(self) -> np.ndarray:
        """Positions of the images that every run reads wrong. `int64`."""
        return np.flatnonzero(self.n_wrong == len(self))

    def right_in_all(self) -> np.ndarray:
        """Positions of the images that every run reads right. `int64`."""
        return np.flatnonzero(self.n_wrong == 0)

    def wrong_alone(self, run: int) -> np.ndarray:
        """Positions of the images that one run reads wrong and every other right. `int64`."""
        return np.flatnonzero(self.is_wrong[run] & (self.n_wrong == 1))

    def both_wrong(self, run: int, other: int) -> np.ndarray:
        """Positions of the images that two runs read wrong, alike or not. `int64`."""
        return np.flatnonzero(self.is_wrong[run] & self.is_wrong[other])

    def wrong_in_most(self) -> np.ndarray:
        """Positions of the images that the most runs read wrong; empty without any error."""
        most = int(self.n_wrong.max())
        return np.flatnonzero(self.n_wrong == most) if most else np.empty(0, np.int64)

    def shared_errors(self, runs: Sequence[int]) -> np.ndarray:
        """Images that two of some runs both read wrong; each one's errors on the diagonal.

        `int64`, shape `(k, k)`.
        """
        wrong = self.is_wrong[list(runs)].astype(np.float64)  # counts are exact below 2**53
        return (wrong @ wrong.T).astype(np.int64)

    def shared_by_chance(self, runs: Sequence[int]) -> np.ndarray:
        """How many that would be on average if the errors of two runs were independent.

        The product of their error rates, in images. `float64`, shape `(k, k)`; without meaning on
        the diagonal.
        """
        errors = self.errors[list(runs)].astype(np.float64)
        return np.outer(errors, errors) / self.n_images

    def said(self, image: int) -> list[tuple[int, int]]:
        """Each class that runs predict for an image, with how many do, the most frequent first."""
        labels, counts = np.unique(self.predicted[:, image], return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return [(int(labels[place]), int(counts[place])) for place in order]
