"""`SetFigures`: how a run does on the images of a set, and on all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mnist_core.answers.evaluation import Answers
from mnist_core.statistics import fisher_exact_test, holm, wilson_interval


@dataclass(frozen=True)
class SetFigures:
    """How a run does on a set, and on all else that counts.

    Attributes:
        size: Images of the set.
        n_right: Of these, classified right.
        n_others: Images that are not of the set.
        n_others_right: Of these, classified right.
        p_value: How often chance alone would part the two accuracies at least so unlikely, 0–1,
            corrected for the number of sets in the list; `None` where that cannot be said.
        untested: Why it cannot; else empty.
    """

    size: int
    n_right: int
    n_others: int
    n_others_right: int
    p_value: float | None = None
    untested: str = ""

    @property
    def share(self) -> float:
        """Of all images, 0–1."""
        return self.size / (self.size + self.n_others)

    @property
    def accuracy(self) -> float | None:
        """Share of the set that was classified right, 0–1; `None` of no image."""
        return self.n_right / self.size if self.size else None

    @property
    def accuracy_interval(self) -> tuple[float, float] | None:
        """Its 95 % interval by Wilson."""
        return wilson_interval(self.n_right, self.size) if self.size else None

    @property
    def others_accuracy(self) -> float | None:
        """Share of all else that was classified right, 0–1; `None` where nothing else is."""
        return self.n_others_right / self.n_others if self.n_others else None

    @property
    def difference(self) -> float | None:
        """The accuracy of the set less that of all else, −1 to 1."""
        if self.accuracy is None or self.others_accuracy is None:
            return None
        return self.accuracy - self.others_accuracy


def set_figures(
    sets: Sequence[np.ndarray], untested: Sequence[str], answers: Answers, left_out: np.ndarray
) -> list[SetFigures]:
    """The figures of every set of a list, each tested against all else (Fisher's exact test, Holm).

    Args:
        sets: Positions of the images of each. Integers, shape `(k,)`.
        untested: Why there is no test of it, see `ImageSet.reason_against_test`; empty where there
            is.
        answers: What the run answered to the split.
        left_out: Positions of images that do not count. Integers, shape `(m,)`.
    """
    is_right = answers.y_pred == answers.y_true
    counts = np.ones(len(answers), bool)
    counts[left_out] = False
    figures = [
        _counted(positions, is_right, counts, reason)
        for positions, reason in zip(sets, untested, strict=True)
    ]
    tested = [at for at, one in enumerate(figures) if not one.untested]
    for at, p_value in zip(tested, holm([_p_value(figures[at]) for at in tested]), strict=True):
        figures[at] = replace(figures[at], p_value=p_value)
    return figures


def _counted(
    positions: np.ndarray, is_right: np.ndarray, counts: np.ndarray, reason: str
) -> SetFigures:
    inside = np.zeros(len(counts), bool)
    inside[positions] = True
    ours, others = counts & inside, counts & ~inside
    sizes = int(ours.sum()), int(others.sum())
    reason = reason or ("" if all(sizes) else "it has all images" if sizes[0] else "it has none")
    right = int(is_right[ours].sum()), int(is_right[others].sum())
    return SetFigures(sizes[0], right[0], sizes[1], right[1], untested=reason)


def _p_value(one: SetFigures) -> float:
    return fisher_exact_test(one.n_right, one.size, one.n_others_right, one.n_others)
