"""`RankTest`: does one group of numbers lie higher than another, by more than chance?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RankTest:
    """The test of H. Mann and D. Whitney (1947) of two groups of numbers.

    Attributes:
        superiority: How often a number of the first group is greater than one of the second, equal
            ones counted half, 0–1; 0.5 where neither lies higher.
        p_value: How often chance alone would part the groups at least so far, 0–1; two-sided, by
            the normal approximation with corrections for ties and continuity.
    """

    superiority: float
    p_value: float


def rank_test(values: np.ndarray, others: np.ndarray) -> RankTest:
    """Compare two groups; plain numpy, because scipy.stats would cost the server 60 MB.

    Args:
        values: The first group. Floats without NaN, shape `(n,)`, n ≥ 1.
        others: The second group, likewise.
    """
    n, m = len(values), len(others)
    _, which, counts = np.unique(
        np.concatenate([values, others]), return_inverse=True, return_counts=True
    )
    ranks = np.cumsum(counts) - (counts - 1) / 2
    greater = float(ranks[which[:n]].sum()) - n * (n + 1) / 2
    ties = float((counts.astype(np.float64) ** 3 - counts).sum()) / ((n + m) * (n + m - 1))
    deviation = math.sqrt(max(0.0, n * m / 12 * (n + m + 1 - ties)))
    beyond = max(0.0, abs(greater - n * m / 2) - 0.5)
    p_value = math.erfc(beyond / deviation / math.sqrt(2)) if beyond else 1.0
    return RankTest(greater / (n * m), p_value)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values of several tests at once, made larger so that they can be read as if of one.

    S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    corrected, greatest = [0.0] * len(p_values), 0.0
    for place, which in enumerate(order):
        greatest = max(greatest, min(1.0, (len(p_values) - place) * p_values[which]))
        corrected[which] = greatest
    return corrected
