"""The mean of several models' probabilities, answered as if by one model."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.errors import EvaluationError


def mean_answers(y_true: np.ndarray, y_probs: Iterable[np.ndarray]) -> Answers:
    """What the mean of probabilities answers; one model's are held in memory at a time.

    A class that a model does not tell apart gets nothing from it.

    Args:
        y_true: True class of each image. `uint8`, shape `(n,)`, n ≥ 1.
        y_probs: Of one or more models the probabilities, 0–1. Floats, shape `(n, n_classes)` each;
            `n_classes` may differ.

    Raises:
        EvaluationError: There is no model, or shapes, range or classes do not fit together.
    """
    total, n_models = np.zeros((len(y_true), 0)), 0
    for y_prob in y_probs:
        answers = evaluate(y_true, y_prob)  # checks them
        missing = answers.n_classes - total.shape[1]
        if missing > 0:
            total = np.pad(total, ((0, 0), (0, missing)))
        total[:, : answers.n_classes] += answers.outputs
        n_models += 1
    if not n_models:
        raise EvaluationError(
            "Expected probabilities of one or more models. Received: none. Choose runs that answer "
            "with probabilities."
        )
    return evaluate(y_true, (total / n_models).clip(0, 1))
