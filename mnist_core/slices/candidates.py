"""`Candidates`: the groups of images that are looked at, and how many of some images each holds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mnist_core.shapes import Shapes
from mnist_core.slices.columns import Column, class_column, measure_column
from mnist_core.slices.conditions import Condition

Family = tuple[int] | tuple[int, int]
"""One column, by its place, for groups of one condition, or two."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """All groups of at most two conditions, in families: those over the same columns.

    Attributes:
        n_images: How many images there are in all.
        columns: What conditions are made of.
        families: Columns of each family.
    """

    n_images: int
    columns: tuple[Column, ...]
    families: tuple[Family, ...]

    def counts(self, drawn: np.ndarray) -> Iterator[np.ndarray]:
        """How many of some images each group holds, family by family.

        Args:
            drawn: Positions of the images, several draws of equal length. Integers, `(d, k)`.

        Yields:
            Of each family, `float32`, shape `(d, groups)`; whole numbers.
        """
        bins = [column.bins[drawn] for column in self.columns]
        for family in self.families:
            yield self._counts(family, [bins[place] for place in family])

    def conditions(self, family: int, group: int) -> tuple[Condition, ...]:
        """What the images of a group have in common."""
        return tuple(
            self.columns[column].conditions[span] for column, span in self._spans(family, group)
        )

    def members(self, family: int, group: int) -> np.ndarray:
        """Whether each image belongs to a group. Bool, shape `(n,)`."""
        inside = np.ones(self.n_images, bool)
        for column, span in self._spans(family, group):
            first, behind = self.columns[column].spans[span]
            bins = self.columns[column].bins
            inside &= (bins >= first) & (bins < behind)
        return inside

    def _spans(self, family: int, group: int) -> list[tuple[int, int]]:
        """The columns of a group, and which span of each."""
        columns = self.families[family]
        if len(columns) == 1:
            return [(columns[0], group)]
        paired = [self.columns[column].in_pairs for column in columns]
        places = divmod(group, len(paired[1]))
        return [
            (column, int(spans[place]))
            for column, spans, place in zip(columns, paired, places, strict=True)
        ]

    def _counts(self, family: Family, drawn: Sequence[np.ndarray]) -> np.ndarray:
        """Sums over a histogram of the bins, since all groups are made of whole bins.

        `drawn` are the bins of the drawn images, `uint8`, shape `(d, k)`, of each column.
        """
        columns = [self.columns[place] for place in family]
        sides = [column.n_bins + 1 for column in columns]
        n_draws, n_bins = len(drawn[0]), math.prod(sides)
        bins = np.arange(n_draws)[:, None] * n_bins + drawn[-1]
        if len(columns) == 2:
            bins += drawn[0].astype(np.int64) * sides[1]
        counted = np.bincount(bins.ravel(), minlength=n_draws * n_bins)
        histogram = counted.astype(np.float32).reshape(n_draws, *sides)
        if len(columns) == 1:
            return histogram @ columns[0].is_within.T
        rows, across = (column.is_within[column.in_pairs] for column in columns)
        return (rows @ (histogram @ across.T)).reshape(n_draws, -1)


def candidates(y_true: np.ndarray, shapes: Shapes) -> Candidates:
    """All groups over the true class and some measures.

    Args:
        y_true: True class of each image. `uint8`, shape `(n,)`.
        shapes: What was measured of these images.
    """
    known = [class_column(y_true), *(measure_column(name, shapes[name]) for name in shapes)]
    columns = tuple(column for column in known if column is not None)
    return Candidates(len(y_true), columns, tuple(_families(columns)))


def _families(columns: Sequence[Column]) -> Iterator[Family]:
    places = range(len(columns))
    for place in places:
        yield (place,)
    for pair in combinations(places, 2):
        if all(len(columns[place].in_pairs) for place in pair):
            yield pair
