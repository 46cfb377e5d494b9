"""`Column`: what conditions are made of: a measure cut into ranges, or the true class."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnist_core.slices.conditions import Condition, OfClass, Range

SHARES = np.arange(0.05, 1, 0.05)
"""Of the images that lie below the cuts of a measure."""

SHARES_IN_PAIRS = np.array([0.05, *np.arange(0.1, 1, 0.1), 0.95])
"""The same, for ranges that are paired with another condition."""

MOST_SHARE = 2 / 3
"""Of all images that a slice may have, or a range that is paired: else it is the rule, no group."""

STEPS = 50
"""Into how many steps most of a measure's values are divided, at least, where a cut may lie."""


@dataclass(frozen=True, eq=False)
class Column:
    """Something known of every image, in bins, and the groups of bins that make a condition.

    Attributes:
        name: Of what is known, as a query has it.
        bins: The bin of each image, 0 to `n_bins - 1`; `n_bins` where nothing is known. `uint8`,
            shape `(n,)`.
        n_bins: Number of bins.
        spans: First bin, and the one behind the last, of each condition. `int64`, shape `(k, 2)`.
        in_pairs: Which of these may be paired with another column's. `int64`, shape `(j,)`.
        conditions: What each span says.
    """

    name: str
    bins: np.ndarray
    n_bins: int
    spans: np.ndarray
    in_pairs: np.ndarray
    conditions: tuple[Condition, ...]

    @cached_property
    def is_within(self) -> np.ndarray:
        """1 where a bin is within a span, else 0. `float32`, shape `(k, n_bins + 1)`."""
        bins = np.arange(self.n_bins + 1)
        first, behind = self.spans[:, :1], self.spans[:, 1:]
        return ((bins >= first) & (bins < behind)).astype(np.float32)


def class_column(y_true: np.ndarray) -> Column | None:
    """The true class, one condition each.

    Args:
        y_true: Of each image. `uint8`, shape `(n,)`.

    Returns:
        `None` where all images are of one class.
    """
    if y_true.min() == y_true.max():
        return None
    labels = np.arange(int(y_true.max()) + 1)
    spans = np.stack([labels, labels + 1], axis=1)
    conditions = tuple(map(OfClass, labels.tolist()))
    return Column("true", y_true, len(labels), spans, labels, conditions)


def measure_column(name: str, values: np.ndarray) -> Column | None:
    """A measure cut at round numbers near its quantiles, one condition for every range of them.

    Args:
        name: Of the measure.
        values: Of each image, NaN where unknown. `float64`, shape `(n,)`.

    Returns:
        `None` where the values are too much alike to be cut.
    """
    known = values[~np.isnan(values)]
    cuts = _cuts(known, SHARES) if len(known) else np.empty(0)
    if not len(cuts):
        return None
    bins = np.where(np.isnan(values), len(cuts) + 1, np.searchsorted(cuts, values, side="right"))
    spans = np.array(
        [
            (first, behind)
            for first in range(len(cuts) + 1)
            for behind in range(first + 1, len(cuts) + 2)
            if behind - first <= len(cuts)
        ]
    )
    ends = [None, *cuts.tolist(), None]
    paired = np.flatnonzero(_is_paired(spans, bins, cuts, _cuts(known, SHARES_IN_PAIRS)))
    conditions = tuple(Range(name, ends[first], ends[behind]) for first, behind in spans)
    return Column(name, bins.astype(np.uint8), len(cuts) + 1, spans, paired, conditions)


def _is_paired(
    spans: np.ndarray, bins: np.ndarray, cuts: np.ndarray, coarse: np.ndarray
) -> np.ndarray:
    """Whether a span ends at coarse cuts, or at none, and is not nearly everything."""
    is_coarse = np.array([True, *np.isin(cuts, coarse), True])
    below = np.cumsum([0, *np.bincount(bins, minlength=len(cuts) + 2)])
    sizes = below[spans[:, 1]] - below[spans[:, 0]]
    return is_coarse[spans].all(axis=1) & (sizes <= MOST_SHARE * len(bins))


def _cuts(known: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Round numbers near the quantiles, ascending. `float64`, shape `(c,)`."""
    spread = float(np.subtract(*np.quantile(known, (0.95, 0.05))))
    if not spread > 0:
        return np.empty(0)
    raw = spread / STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    step = power * max(factor for factor in (1, 2, 5) if factor * power <= raw * (1 + 1e-9))
    rounded = np.round(np.quantile(known, shares) / step) * step
    return np.unique([float(f"{cut:g}") for cut in rounded])
