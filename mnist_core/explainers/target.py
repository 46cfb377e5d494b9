"""`Target`: the numbers that an explanation is about, weighted sums of what a model answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from mnist_core.errors import ExplanationError

Of = Literal["probability", "logit", "difference"]
OFS: tuple[Of, ...] = get_args(Of)


@dataclass(frozen=True)
class Target:
    """What is explained; one map for each of its numbers.

    Attributes:
        of: `probability`: what the model answers, which is a score of a model that does not end in
            a softmax. `logit`: what goes into the softmax; the same score where there is none.
            `difference`: the logit of the first class minus that of the second.
        classes: The classes, each once; two of a difference. Left empty, all.

    Raises:
        ExplanationError: `of` is another word, or a difference is not of two classes.
    """

    of: Of = "probability"
    classes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", tuple(dict.fromkeys(map(int, self.classes))))
        if self.of not in OFS:
            raise ExplanationError(
                f"Expected one of {', '.join(OFS)} to be explained. Received: {self.of!r}. Choose "
                "one of these."
            )
        if self.of == "difference" and len(self.classes) != 2:
            raise ExplanationError(
                f"Expected two classes whose difference is explained. Received: {self.classes}. "
                "Name two."
            )

    @property
    def is_of_logits(self) -> bool:
        """Whether it is about what goes into the softmax."""
        return self.of != "probability"

    def among(self, n_classes: int) -> tuple[int, ...]:
        """The classes by number, in the order given.

        Raises:
            ExplanationError: The model does not have one of them.
        """
        chosen = self.classes or tuple(range(n_classes))
        if not set(chosen) <= set(range(n_classes)):
            raise ExplanationError(
                f"Expected classes from 0 to {n_classes - 1}. Received: {list(chosen)}. Choose "
                "among these."
            )
        return chosen

    def weights(self, n_classes: int) -> np.ndarray:
        """How much each class counts in each map. `float32`, shape `(maps, n_classes)`."""
        rows = np.eye(n_classes, dtype=np.float32)[list(self.among(n_classes))]
        return rows[:1] - rows[1:] if self.of == "difference" else rows

    def of_some(self, classes: Sequence[int]) -> Target:
        """The same of some classes alone."""
        return Target(self.of, tuple(classes))
