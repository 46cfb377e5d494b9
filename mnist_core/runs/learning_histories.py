"""`LearningHistories`: what a run learned when, what it forgot, and what it never knew."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import EvaluationError
from mnist_core.runs import EpochPredictions


@dataclass(frozen=True, eq=False)
class LearningHistories:
    """Whether each image was classified right after each recorded epoch; read-only.

    Runs record validation and test, so these are images that were not trained on.

    Every image is in one of three groups: `never_learned`, `forgotten` or `settled`. Epochs that
    were not recorded are passed over: what happened in between is not known.

    Attributes:
        epochs: The epoch, counted from 1 and rising, that each row belongs to.
        is_right: `bool`, shape `(epochs, n)`, at least one epoch.
    """

    epochs: tuple[int, ...]
    is_right: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_right", read_only(self.is_right))

    @cached_property
    def learned_epoch(self) -> np.ndarray:
        """First recorded epoch after which each image was right, 0 for never. `int64`, `(n,)`."""
        first = np.asarray(self.epochs)[self.is_right.argmax(axis=0)]
        return read_only(np.where(self.is_right.any(axis=0), first, 0))

    @cached_property
    def settled_epoch(self) -> np.ndarray:
        """Recorded epoch since which each image stayed right, 0 if last wrong. `int64`, `(n,)`."""
        is_wrong = ~self.is_right[::-1]
        rows_since = np.where(is_wrong.any(axis=0), is_wrong.argmax(axis=0), len(self.epochs))
        epochs = np.asarray([*self.epochs, 0])
        return read_only(epochs[len(self.epochs) - rows_since])

    @cached_property
    def forgettings(self) -> np.ndarray:
        """How often each image was right and wrong one recorded epoch later. `int64`, `(n,)`.

        The forgetting events of M. Toneva et al., "An empirical study of example forgetting during
        deep neural network learning" (2019), counted once an epoch.
        """
        return read_only((self.is_right[:-1] & ~self.is_right[1:]).sum(axis=0))

    @cached_property
    def never_learned(self) -> np.ndarray:
        """Positions of the images wrong after every recorded epoch. `int64`."""
        return read_only(np.flatnonzero(self.learned_epoch == 0))

    @cached_property
    def forgotten(self) -> np.ndarray:
        """Positions of the images once right and last wrong, the most forgotten first. `int64`."""
        positions = np.flatnonzero((self.learned_epoch > 0) & (self.settled_epoch == 0))
        return read_only(positions[np.argsort(-self.forgettings[positions], kind="stable")])

    @cached_property
    def settled(self) -> np.ndarray:
        """Positions of the images last right, the last to settle first. `int64`.

        Of those that settled in one epoch the most forgotten come first.
        """
        positions = np.flatnonzero(self.settled_epoch > 0)
        keys = -self.forgettings[positions], -self.settled_epoch[positions]
        return read_only(positions[np.lexsort(keys)])


def learning_histories(answers: EpochPredictions, y_true: np.ndarray) -> LearningHistories:
    """Follow every image of a split through the recorded epochs of a run.

    Args:
        answers: What the run answered after each epoch.
        y_true: True class of each image. `uint8`, shape `(n,)`.

    Raises:
        EvaluationError: There is no epoch, or the answers are to more or fewer images.
    """
    predicted = answers.predicted
    if predicted.ndim != 2 or 0 in predicted.shape or predicted.shape[1:] != y_true.shape:
        raise EvaluationError(
            f"Expected answers to {len(y_true):,} images after one or more epochs. Received: "
            f"answers of shape {predicted.shape}. Take the labels of the split that was recorded."
        )
    return LearningHistories(answers.epochs, predicted == y_true)
