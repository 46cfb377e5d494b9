"""`Comparison`: two sets of answers to the same images; is the difference more than chance?"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from mnist_core.answers.evaluation import Answers, count_pairs
from mnist_core.errors import EvaluationError
from mnist_core.statistics import PairedTest, paired_test

Part = Literal["repaired", "broken", "still"]
"""Of the images that one of the two took for something else: right only after, right only before,
wrong both times."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """The answers before and after a change, of two runs or of two epochs, to the same split.

    Answers do not say which images they are to: what can be compared here is the true classes.

    Attributes:
        before: What is compared with.
        after: What is looked at.

    Raises:
        EvaluationError: The true classes are not the same, image by image.
    """

    before: Answers
    after: Answers

    def __post_init__(self) -> None:
        if not np.array_equal(self.before.y_true, self.after.y_true):
            raise EvaluationError(
                "Expected the same true classes, image by image, in both sets of answers. "
                f"Received: {self._other_classes()}. Choose the same split for both."
            )

    def _other_classes(self) -> str:
        """In what the true classes differ."""
        n_before, n_after = len(self.before), len(self.after)
        if n_before != n_after:
            return f"answers to {n_before:,} and to {n_after:,} images"
        n_others = int(np.sum(self.before.y_true != self.after.y_true))
        return f"{n_others:,} of {n_after:,} images with another true class"

    @cached_property
    def repaired(self) -> np.ndarray:
        """Positions of the images wrong before and right after. `int64`."""
        return np.flatnonzero(~_right(self.before) & _right(self.after))

    @cached_property
    def broken(self) -> np.ndarray:
        """Positions of the images right before and wrong after. `int64`."""
        return np.flatnonzero(_right(self.before) & ~_right(self.after))

    @cached_property
    def still_wrong(self) -> np.ndarray:
        """Positions of the images wrong both before and after. `int64`."""
        return np.flatnonzero(~_right(self.before) & ~_right(self.after))

    @property
    def n_classes(self) -> int:
        """Number of classes of the model that tells more apart."""
        return max(self.before.n_classes, self.after.n_classes)

    def find(self, part: Part, true: int | None, predicted: int | None) -> np.ndarray:
        """Positions of the images of one part of a cell, `None` for any class. `int64`.

        The cell of an image is its true class and what it was mistaken for: before where it was
        repaired, after where it was broken or is still wrong.
        """
        parts = {"repaired": self.repaired, "broken": self.broken, "still": self.still_wrong}
        positions = parts[part]
        mistaken = (self.before if part == "repaired" else self.after).y_pred[positions]
        among = np.ones(len(positions), bool)
        if true is not None:
            among &= self.after.y_true[positions] == true
        if predicted is not None:
            among &= mistaken == predicted
        return positions[among]

    def part_matrix(self, part: Part) -> np.ndarray:
        """Images of one part by true class (rows) and what they were mistaken for. `int64`."""
        positions = self.find(part, None, None)
        mistaken = (self.before if part == "repaired" else self.after).y_pred[positions]
        return count_pairs(self.after.y_true[positions], mistaken, self.n_classes)

    @property
    def predictions_matrix(self) -> np.ndarray:
        """Images by what was predicted before (rows) and after (columns). `int64`, square."""
        return self._predictions.confusion_matrix

    def find_predictions(self, before: int | None, after: int | None) -> np.ndarray:
        """Positions of the images in one cell of the `predictions_matrix`. `int64`.

        Where one side is `None`, those of the row or column on which the two do not agree; where
        both are, all those.
        """
        return np.sort(self._predictions.find(before, after))

    @cached_property
    def _predictions(self) -> Answers:
        """The answers after, with those before in place of the truth."""
        before, after = self.before.y_pred, self.after.y_pred
        return Answers(before, after, self.after.confidence, self.n_classes, self.after.output)

    @property
    def difference(self) -> float:
        """Accuracy after less accuracy before, −1 to 1."""
        return self._test.difference

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the difference, −1 to 1 (Tango 1998); see `paired_test`."""
        return self._test.interval

    @property
    def p_value(self) -> float:
        """How often chance alone would split repaired and broken at least so unevenly, 0–1.

        Below 0.05 exactly where 0 lies outside the `interval` (see `paired_test`).
        """
        return self._test.p_value

    @cached_property
    def _test(self) -> PairedTest:
        return paired_test(len(self.repaired), len(self.broken), len(self.after))


def _right(answers: Answers) -> np.ndarray:
    return answers.y_pred == answers.y_true
