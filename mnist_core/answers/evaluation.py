"""`Answers`: what a model answered to the images of a split, and all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from mnist_core.answers.calibration import Bins, Calibration, calibration
from mnist_core.arrays import read_only
from mnist_core.errors import EvaluationError
from mnist_core.statistics import wilson_interval

Output = Literal["probabilities", "scores"]
"""What a model answers with; of scores only the order counts."""

Order = Literal["confidence", "loss", "margin", "index"]
"""What images can be put in order by."""

SMALLEST_PROBABILITY = 1e-7
"""Probabilities are cut off here before the logarithm, as Keras does."""

ROUNDING = 1e-5
"""By how much `float32` may lift a probability above 1."""


@dataclass(frozen=True)
class Confusion:
    """One cell of a confusion matrix: `count` images of class `true` predicted as `predicted`."""

    true: int
    predicted: int
    count: int


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model answered to each image of a split, and all that follows from it; read-only.

    Attributes:
        y_true: True class of each image, 0 to `n_classes - 1`. `uint8`, shape `(n,)`, n ≥ 1.
        y_pred: Predicted class of each image. `int64`, shape `(n,)`.
        confidence: Probability of the predicted class, 0–1, or its score. Floats, shape `(n,)`.
        n_classes: Number of classes the model tells apart.
        output: Whether the model answers with probabilities or with scores.
        y_prob: Probability of each class, 0–1, or its score; `None` where only the prediction was
            recorded. Floats, shape `(n, n_classes)`.

    Raises:
        EvaluationError: Shapes, range or classes do not fit together.
    """

    y_true: np.ndarray
    y_pred: np.ndarray
    confidence: np.ndarray
    n_classes: int
    output: Output = "probabilities"
    y_prob: np.ndarray | None = None

    def __post_init__(self) -> None:
        y_true, shape = np.asarray(self.y_true), np.shape(self.y_pred)
        if y_true.ndim != 1 or y_true.shape != shape or shape != np.shape(self.confidence):
            raise EvaluationError(
                "Expected one answer with its confidence for each true class. Received: true "
                f"classes of shape {y_true.shape}, answers of shape {shape}. Take those of the "
                "same images."
            )
        if len(y_true) == 0:
            raise EvaluationError("Expected one or more answers. Received: none. Take more images.")
        if y_true.dtype.kind not in "iu" or y_true.min() < 0 or y_true.max() >= self.n_classes:
            span = f" from {y_true.min()} to {y_true.max()}" if y_true.dtype.kind in "iuf" else ""
            raise EvaluationError(
                f"Expected true classes from 0 to {self.n_classes - 1}. Received: {y_true.dtype}"
                f"{span}. Use a model with more outputs."
            )
        y_pred = np.asarray(self.y_pred)
        if y_pred.min() < 0 or y_pred.max() >= self.n_classes:
            raise EvaluationError(
                f"Expected predicted classes from 0 to {self.n_classes - 1}. Received: some from "
                f"{y_pred.min()} to {y_pred.max()}. Choose an epoch whose predictions are intact."
            )
        if self.y_prob is not None:
            self._check_outputs(self.y_prob)
            object.__setattr__(self, "y_prob", read_only(self.y_prob))
        self._check_confidence(np.asarray(self.confidence))
        object.__setattr__(self, "y_true", read_only(y_true))
        object.__setattr__(self, "y_pred", read_only(np.asarray(self.y_pred, np.int64)))
        object.__setattr__(self, "confidence", read_only(self.confidence))

    def _check_confidence(self, confidence: np.ndarray) -> None:
        low, high = confidence.min(), confidence.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            raise EvaluationError(
                "Expected a finite confidence in each answer. Received: some that are not. Choose "
                "an epoch whose predictions are intact."
            )
        if self.output == "probabilities" and not (low >= 0 and high <= 1 + ROUNDING):
            raise EvaluationError(
                f"Expected confidences between 0 and 1. Received: some from {low:g} to {high:g}. "
                "Choose an epoch whose predictions are intact."
            )

    def _check_outputs(self, y_prob: np.ndarray) -> None:
        shape = len(self), self.n_classes
        if y_prob.shape != shape or not np.array_equal(y_prob.argmax(axis=1), self.y_pred):
            raise EvaluationError(
                f"Expected what the model gave to every class, of shape {shape}, the most to the "
                f"predicted one. Received: an array of shape {y_prob.shape}, or other predictions. "
                "Take `evaluate`, which derives the predictions."
            )
        if self.output == "scores" and not np.isfinite(y_prob).all():
            raise EvaluationError(
                "Expected finite scores. Received: numbers from "
                f"{y_prob.min()} to {y_prob.max()}. Choose another epoch."
            )
        if self.output == "probabilities" and not (
            y_prob.min() >= 0 and y_prob.max() <= 1 + ROUNDING
        ):
            raise EvaluationError(
                "Expected probabilities between 0 and 1. Received: numbers from "
                f"{y_prob.min()} to {y_prob.max()}. Apply a softmax to the model's output."
            )

    def __len__(self) -> int:
        return len(self.y_true)

    @property
    def outputs(self) -> np.ndarray:
        """What the model gave to every class, `y_prob` where it is known.

        Raises:
            EvaluationError: Only the predictions were recorded.
        """
        if self.y_prob is None:
            raise EvaluationError(
                "Expected what the model gave to every class. Received: only the predictions that "
                "were recorded in training. Choose an epoch that kept its model."
            )
        return self.y_prob

    @cached_property
    def loss(self) -> np.ndarray:
        """Loss of each image. `float64`, shape `(n,)`.

        Of probabilities the cross-entropy, in nats. Of scores the mean hinge loss over the
        classes: by how much the true class stays below 1 and the others above −1.
        """
        given = self.outputs.astype(np.float64)
        if self.output == "scores":
            sides = np.where(np.arange(self.n_classes) == self.y_true[:, None], 1, -1)
            return read_only(np.maximum(0, 1 - sides * given).mean(axis=1))
        of_truth = given[np.arange(len(self)), self.y_true]
        return read_only(-np.log(np.clip(of_truth, SMALLEST_PROBABILITY, 1)))

    @cached_property
    def margin(self) -> np.ndarray:
        """By how much the first class leads over the second, in the model's output. `float32`.

        Shape `(n,)`, ≥ 0.
        """
        second, first = np.partition(self.outputs, -2, axis=1)[:, -2:].T
        return read_only(first - second)

    @cached_property
    def accuracy(self) -> float:
        """Share of images classified right, 0–1."""
        return float(np.mean(self.y_pred == self.y_true))

    @property
    def accuracy_interval(self) -> tuple[float, float]:
        """95 % interval of the accuracy (Wilson 1927), 0–1."""
        return wilson_interval(int(np.sum(self.y_pred == self.y_true)), len(self))

    @cached_property
    def confusion_matrix(self) -> np.ndarray:
        """Images by true class (rows) and predicted class (columns). `int64`, square."""
        return count_pairs(self.y_true, self.y_pred, self.n_classes)

    @property
    def support(self) -> np.ndarray:
        """Images of each true class. `int64`, shape `(n_classes,)`."""
        return self.confusion_matrix.sum(axis=1)

    @property
    def recall(self) -> np.ndarray:
        """Share of each true class that was found, 0–1, NaN without images. `float64`."""
        return _divide(self.confusion_matrix.diagonal(), self.support)

    @property
    def precision(self) -> np.ndarray:
        """Share of each predicted class that was right, 0–1, NaN if never predicted. `float64`."""
        return _divide(self.confusion_matrix.diagonal(), self.confusion_matrix.sum(axis=0))

    @property
    def f1(self) -> np.ndarray:
        """Harmonic mean of precision and recall, 0–1, `float64`.

        NaN for a class that neither occurs nor is predicted.
        """
        either = self.support + self.confusion_matrix.sum(axis=0)
        return _divide(2 * self.confusion_matrix.diagonal(), either)

    def find(self, true: int | None, predicted: int | None) -> np.ndarray:
        """Positions of the images in one cell of the matrix, the most confident first. `int64`.

        Where one side is `None`, the mistakes of a whole row (a class's false negatives) or of a
        whole column (its false positives); where both are, all mistakes.
        """
        if true is None or predicted is None:
            among = self.y_true != self.y_pred
        else:
            among = np.ones(len(self), bool)
        if true is not None:
            among &= self.y_true == true
        if predicted is not None:
            among &= self.y_pred == predicted
        return self.ordered(np.flatnonzero(among), by="confidence")

    def ordered(self, positions: np.ndarray, *, by: Order) -> np.ndarray:
        """Positions in an order; ties keep the order of the split.

        Args:
            positions: Of images in the split. Integers, shape `(n,)`.
            by: The most confident first, the highest loss, the narrowest margin, or as they lie in
                the split.

        Raises:
            EvaluationError: The order goes by what was given to every class, which was not
                recorded.
        """
        positions = np.sort(positions)
        if by == "index":
            return positions
        return positions[np.argsort(self._keys(by)[positions], kind="stable")]

    def _keys(self, by: Order) -> np.ndarray:
        """Sort key of every image: the smallest comes first."""
        if by == "loss":
            return -self.loss
        return self.margin if by == "margin" else -self.confidence

    def without(self, positions: np.ndarray) -> Answers:
        """The answers to all other images; positions in the result are not those in the split.

        Args:
            positions: Of the images left out. Integers, shape `(k,)`, k < n.
        """
        kept = np.delete(np.arange(len(self)), positions)
        return replace(
            self,
            y_true=self.y_true[kept],
            y_pred=self.y_pred[kept],
            confidence=self.confidence[kept],
            y_prob=None if self.y_prob is None else self.y_prob[kept],
        )

    def cell_of(self, index: int) -> tuple[int, int]:
        """The cell, as (true, predicted), that the image at a position counts in."""
        return int(self.y_true[index]), int(self.y_pred[index])

    def most_confused(self, k: int) -> list[Confusion]:
        """The `k` largest cells off the diagonal, largest first; empty cells are left out."""
        mistakes = self.confusion_matrix.copy()
        np.fill_diagonal(mistakes, 0)
        order = np.argsort(-mistakes, axis=None, kind="stable")[:k]
        cells = (divmod(int(flat), self.n_classes) for flat in order)
        return [Confusion(t, p, int(mistakes[t, p])) for t, p in cells if mistakes[t, p]]

    def right_and_wrong(self) -> list[int]:
        """Of every class the most confident right image and the most confident mistake.

        Positions in the order of the classes, right before wrong; what a class lacks is left out.
        """
        found = []
        for label in range(self.n_classes):
            for is_right in (True, False):
                same = (self.y_true == label) & ((self.y_pred == label) == is_right)
                positions = np.flatnonzero(same)
                if positions.size:
                    found.append(int(positions[self.confidence[positions].argmax()]))
        return found

    def top_losses(self, k: int) -> np.ndarray:
        """Positions of the `k` images with the highest loss, the highest first. `int64`."""
        return np.argsort(-self.loss, kind="stable")[:k]

    def ranked_classes(self, index: int) -> np.ndarray:
        """Classes of one image from the most to the least probable. `int64`."""
        return np.argsort(-self.outputs[index], kind="stable")

    def calibration(self, bins: Bins = 15) -> Calibration:
        """Confidence against accuracy in bins, by default 15 of equal width over (0, 1].

        Raises:
            EvaluationError: The model answers with scores, which promise no accuracy.
        """
        if self.output == "scores":
            raise EvaluationError(
                "Expected probabilities to compare with the accuracy. Received: scores, of which "
                "only the order counts. Choose a run whose model ends in a softmax."
            )
        return calibration(self.confidence, self.y_pred == self.y_true, bins)


def evaluate(y_true: np.ndarray, y_prob: np.ndarray, output: Output = "probabilities") -> Answers:
    """The answers of a model that gave a probability, or a score, to every class.

    Args:
        y_true: True class of each image. `uint8`, shape `(n,)`, n ≥ 1.
        y_prob: Probability of each class, 0–1, or its score. Floats, shape `(n, n_classes)`. The
            class with the most is predicted, of ties the lowest.
        output: Which of the two it is.

    Raises:
        EvaluationError: Shapes, range or classes do not fit together.
    """
    y_true, y_prob = np.asarray(y_true), np.asarray(y_prob)
    if y_prob.ndim != 2 or y_true.shape != y_prob.shape[:1] or len(y_true) == 0:
        raise EvaluationError(
            "Expected one row of probabilities for each true class. Received: true classes of "
            f"shape {y_true.shape} and probabilities of shape {y_prob.shape}. Predict the "
            "same images that the labels belong to."
        )
    predicted, confidence = y_prob.argmax(axis=1), y_prob.max(axis=1)
    return Answers(y_true, predicted, confidence, y_prob.shape[1], output, y_prob)


def count_pairs(rows: np.ndarray, columns: np.ndarray, n_classes: int) -> np.ndarray:
    """How often each class of `rows` meets each of `columns`, read-only. `int64`, square.

    Args:
        rows: Classes, 0 to `n_classes - 1`. Integers, shape `(n,)`.
        columns: Likewise.
        n_classes: Number of classes.
    """
    flat = rows.astype(np.int64) * n_classes + columns
    return read_only(np.bincount(flat, minlength=n_classes**2).reshape(n_classes, n_classes))


def _divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    nothing = np.full(len(whole), np.nan)
    return np.divide(part, whole, out=nothing, where=whole > 0)
