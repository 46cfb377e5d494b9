"""`Comparison`: two sets of answers to the same images; is the difference more than chance?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnist_core.errors import EvaluationError
from mnist_core.evaluation import Answers

QUANTILE = 1.959963984540054
"""Of the normal distribution, for intervals of 95 %."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """The answers before and after a change, of two runs or of two epochs, to the same split.

    Attributes:
        before: What is compared with.
        after: What is looked at.

    Raises:
        EvaluationError: They answer to other images.
    """

    before: Answers
    after: Answers

    def __post_init__(self) -> None:
        if not np.array_equal(self.before.y_true, self.after.y_true):
            raise EvaluationError(
                "Expected two sets of answers to the same images. Received: "
                f"{len(self.before):,} and {len(self.after):,} with other labels. Choose the same "
                "split for both."
            )

    @cached_property
    def fixed(self) -> np.ndarray:
        """Positions of the images wrong before and right after. `int64`."""
        return np.flatnonzero(~_right(self.before) & _right(self.after))

    @cached_property
    def broken(self) -> np.ndarray:
        """Positions of the images right before and wrong after. `int64`."""
        return np.flatnonzero(_right(self.before) & ~_right(self.after))

    @property
    def difference(self) -> float:
        """Accuracy after less accuracy before, −1 to 1."""
        return (len(self.fixed) - len(self.broken)) / len(self.after)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the difference, −1 to 1 (for paired shares; Agresti, Min 2005)."""
        n, fixed, broken = len(self.after) + 2, len(self.fixed) + 0.5, len(self.broken) + 0.5
        centre = (fixed - broken) / n
        half = QUANTILE * np.sqrt(fixed + broken - (fixed - broken) ** 2 / n) / n
        return max(-1.0, float(centre - half)), min(1.0, float(centre + half))

    @cached_property
    def p_value(self) -> float:
        """How often chance alone would split fixed and broken at least so unevenly, 0–1.

        McNemar's test (1947) in its exact form: two-sided binomial, each side one half.
        """
        from scipy.special import bdtr  # scipy.stats would cost the server 60 MB

        fixed, broken = len(self.fixed), len(self.broken)
        return min(1.0, 2 * float(bdtr(min(fixed, broken), fixed + broken, 0.5)))


def _right(answers: Answers) -> np.ndarray:
    return answers.y_pred == answers.y_true
