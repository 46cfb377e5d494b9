"""How far the errors of each group go beyond what is expected of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.slices.candidates import Candidates
from mnist_core.slices.columns import MOST_SHARE

FEWEST_IMAGES = 20
FEWEST_ERRORS = 5
"""Of a group that is worth a look."""

LEAST_FACTOR = 1.25
"""How many times the expected errors it has at least: what is sure but small is no finding."""

MOST_OVERLAP = 0.5
"""Images shared with a group that is reported already, of all images in either."""

NEVER = -1e30
"""The score of a group that is not looked at, or has no more errors than expected."""


@dataclass(frozen=True, eq=False)
class Strata:
    """Images in parts; within each of them errors are expected to fall alike.

    Attributes:
        parts: Positions of the images of each part. Integers, shape `(n_part,)` each.
        n_errors: Errors in each part.
    """

    parts: tuple[np.ndarray, ...]
    n_errors: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Scale:
    """What turns the errors of one family's groups into scores.

    A score is half the likelihood-ratio statistic of a Poisson number of errors that is larger than
    expected, divided by the dispersion that drawing without replacement leaves of it, less the
    logarithm of the number of groups: about −log(p · groups). So a family of many groups is no more
    likely to hold the highest score by chance than one of few.

    Attributes:
        is_looked_at: Whether a group counts at all. Bool, shape `(groups,)`.
        least: Errors from which on a group counts. `float32`, shape `(groups,)`.
        times, slope, level: Of the score e·ln(e)·times + e·slope + level of e errors. The same.
    """

    is_looked_at: np.ndarray
    least: np.ndarray
    times: np.ndarray
    slope: np.ndarray
    level: np.ndarray

    def scores(self, errors: np.ndarray) -> np.ndarray:
        """Scores of all groups in several draws. Both are `float32`, shape `(d, groups)`."""
        counts = np.arange(int(errors.max(initial=0)) + 1, dtype=np.float32)
        scores = (counts * np.log(np.maximum(counts, 1))).take(errors.astype(np.int32))
        scores *= self.times
        scores += errors * self.slope
        scores += self.level
        scores[errors < self.least] = NEVER
        return scores


def scales(
    candidates: Candidates, strata: Strata, reported: Sequence[np.ndarray]
) -> tuple[Scale, ...]:
    """The scale of each family, if errors fall by chance within the strata.

    Args:
        candidates: The groups.
        strata: Of which errors fall alike within each.
        reported: Positions of the images of groups that are reported already; what mostly overlaps
            with one of them is not looked at. Integers, shape `(k,)` each.
    """
    sizes = _counts(candidates, np.arange(candidates.n_images))
    expected = [np.zeros(len(size)) for size in sizes]
    variance = [np.zeros(len(size)) for size in sizes]
    for part, n_errors in zip(strata.parts, strata.n_errors, strict=True):
        n = len(part)
        for place, inside in enumerate(_counts(candidates, part)):
            share = inside / n
            expected[place] += share * n_errors
            variance[place] += share * (1 - share) * n_errors * (n - n_errors) / max(n - 1, 1)
    rate = sum(strata.n_errors) / candidates.n_images
    least = [
        np.maximum(FEWEST_ERRORS, LEAST_FACTOR * np.maximum(mean, rate * size))
        for mean, size in zip(expected, sizes, strict=True)
    ]
    looked_at = _looked_at(candidates, sizes, reported)
    return tuple(map(_scale, expected, variance, least, looked_at))


def _looked_at(
    candidates: Candidates, sizes: Sequence[np.ndarray], reported: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """Which groups of each family are of a fit size and no variant of a reported one."""
    most = MOST_SHARE * candidates.n_images
    looked_at = [(size >= FEWEST_IMAGES) & (size <= most) for size in sizes]
    for group in reported:
        for size, shared, looks in zip(sizes, _counts(candidates, group), looked_at, strict=True):
            looks &= shared <= MOST_OVERLAP * (size + len(group) - shared)
    return looked_at


def _counts(candidates: Candidates, positions: np.ndarray) -> list[np.ndarray]:
    return [counts[0].astype(np.float64) for counts in candidates.counts(positions[None])]


def _scale(
    expected: np.ndarray, variance: np.ndarray, least: np.ndarray, is_looked_at: np.ndarray
) -> Scale:
    is_looked_at = is_looked_at & (variance > 0)
    mean = np.where(is_looked_at, expected, 1.0)
    times = mean / np.where(is_looked_at, variance, 1.0)
    slope = -(np.log(mean) + 1) * times
    n_groups = max(1, int(is_looked_at.sum()))
    level = np.where(is_looked_at, mean * times - math.log(n_groups), np.float64(NEVER))
    return Scale(
        is_looked_at, *(values.astype(np.float32) for values in (least, times, slope, level))
    )
