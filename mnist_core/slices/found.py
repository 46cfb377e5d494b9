"""`FoundSlices`: the groups in which a run errs beyond chance, and how many were looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.slices.conditions import Condition
from mnist_core.statistics import wilson_interval


@dataclass(frozen=True, eq=False)
class Slice:
    """A group of images in which a run errs beyond chance.

    Attributes:
        conditions: What its images have in common: one condition, or two.
        query: The same as a query.
        positions: Its images among those that were looked at, ascending. `int64`, shape `(k,)`.
        n_errors: How many of them are wrong.
        n_elsewhere: Images that were looked at and are not in it.
        errors_elsewhere: How many of these are wrong.
        p_value: How often chance alone would make any of all groups stand out as far, 0–1; of the
            errors that slices reported before it leave unexplained.
    """

    conditions: tuple[Condition, ...]
    query: str
    positions: np.ndarray
    n_errors: int
    n_elsewhere: int
    errors_elsewhere: int
    p_value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", read_only(self.positions))

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def error_rate(self) -> float:
        """Share of its images that are wrong, 0–1."""
        return self.n_errors / len(self)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of that share (Wilson 1927), 0–1."""
        return wilson_interval(self.n_errors, len(self))

    @property
    def rate_elsewhere(self) -> float:
        """Share of all other images that are wrong, 0–1."""
        return self.errors_elsewhere / self.n_elsewhere

    @property
    def times_elsewhere(self) -> float:
        """How many times as often it is wrong as elsewhere; infinite where nothing else is."""
        return self.error_rate / self.rate_elsewhere if self.errors_elsewhere else math.inf


@dataclass(frozen=True, eq=False)
class FoundSlices:
    """What a search for slices has found.

    Attributes:
        slices: The groups, that which stands out most first; each says more than those before it.
        n_candidates: Groups that were looked at; 0 where there are too few errors or right answers.
        n_images: Images in all.
        n_errors: How many of them are wrong.
        columns: What conditions were made of: `true` and names of measures, as queries have them.
    """

    slices: tuple[Slice, ...]
    n_candidates: int
    n_images: int
    n_errors: int
    columns: tuple[str, ...]
