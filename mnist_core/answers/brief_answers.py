"""`BriefAnswers`: what a run answered to every image of a split, in a few bytes an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnist_core.answers.evaluation import Answers, Output
from mnist_core.arrays import read_only


@dataclass(frozen=True, eq=False)
class BriefAnswers:
    """Predicted classes and their confidences, so that those of many runs can be kept; read-only.

    Attributes:
        predicted: Predicted class of each image. `uint8`, or `uint16` of more than 256 classes,
            shape `(n,)`.
        confidence: Probability of the predicted class, 0–1, or its score. `float16` where it was
            recorded in training, else `float32`, shape `(n,)`.
        n_classes: Number of classes the model tells apart.
        output: Whether the model answers with probabilities or with scores.
    """

    predicted: np.ndarray
    confidence: np.ndarray
    n_classes: int
    output: Output = "probabilities"

    def __post_init__(self) -> None:
        object.__setattr__(self, "predicted", read_only(self.predicted))
        object.__setattr__(self, "confidence", read_only(self.confidence))

    def __len__(self) -> int:
        return len(self.predicted)

    @property
    def n_bytes(self) -> int:
        """Bytes of both arrays."""
        return self.predicted.nbytes + self.confidence.nbytes

    @property
    def is_rounded(self) -> bool:
        """Whether confidences were recorded to three figures, so that 1 can be a little less."""
        return self.confidence.dtype == np.float16

    def in_full(self, y_true: np.ndarray) -> Answers:
        """The `Answers`, without `y_prob`, to images of these true classes.

        Args:
            y_true: True class of each image. `uint8`, shape `(n,)`.

        Raises:
            EvaluationError: They are not as many, or of classes that the model does not know.
        """
        return Answers(y_true, self.predicted, self.confidence, self.n_classes, self.output)


def in_brief(answers: Answers) -> BriefAnswers:
    """What is kept of answers in full; without what each class got."""
    smallest = np.min_scalar_type(answers.n_classes - 1)
    predicted, confidence = answers.y_pred.astype(smallest), answers.confidence.copy()
    return BriefAnswers(predicted, confidence, answers.n_classes, answers.output)
