"""Intervals and tests, with sources: Wilson, Tango, Mann–Whitney, Fisher, Holm, Pearson."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NORMAL_95 = 1.959963984540054
"""Quantile of the normal distribution for intervals of 95 %."""


def wilson_interval(successes: int, n: int, z: float = NORMAL_95) -> tuple[float, float]:
    """Interval of a share, 0–1, from `successes` out of `n` ≥ 1 (Wilson 1927).

    Args:
        successes: Number of successes, 0 to `n`.
        n: Number of trials.
        z: Quantile of the normal distribution; the default gives 95 %.
    """
    share = successes / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # Exact where rounding would leave a trace of a share.
    low = max(0.0, centre - half) if successes else 0.0
    return low, min(1.0, centre + half) if successes < n else 1.0


@dataclass(frozen=True)
class PairedTest:
    """Whether two shares of the same cases differ by more than chance.

    Interval and p-value come from one test, so they never disagree: `p_value` is below 0.05 exactly
    where 0 lies outside the interval.

    Attributes:
        difference: The second share less the first, −1 to 1.
        interval: Its 95 % interval, −1 to 1.
        p_value: How often chance alone would split the changed cases at least so unevenly, 0–1.
    """

    difference: float
    interval: tuple[float, float]
    p_value: float


def paired_test(gained: int, lost: int, n: int) -> PairedTest:
    """The score test of paired shares and the interval that is its inversion (Tango 1998).

    Of no difference it is the test of Q. McNemar (1947) without a correction. M. Fagerland,
    S. Lydersen and P. Laake (2013, 2014) recommend both for small samples too.

    Args:
        gained: Cases that fail at first and succeed then.
        lost: Cases that succeed at first and fail then.
        n: All cases, ≥ 1.
    """
    p_value = math.erfc(abs(_paired_score(gained, lost, n, 0.0)) / math.sqrt(2))
    high = _highest_accepted(gained, lost, n)
    low = -_highest_accepted(lost, gained, n)
    return PairedTest((gained - lost) / n, (low, high), p_value)


def _paired_score(gained: int, lost: int, n: int, difference: float) -> float:
    """How many deviations the cases lie above an assumed difference of the shares, −1 to 1."""
    beyond = gained - lost - n * difference
    if beyond == 0:
        return 0.0
    # The share of lost cases that is most likely if the difference is the assumed one.
    linear = (2 * n - gained + lost) * difference - gained - lost
    constant = -lost * difference * (1 - difference)
    root = math.sqrt(max(0.0, linear**2 - 8 * n * constant))
    # The same root either way, written so that nothing cancels out.
    share = -2 * constant / (root + linear) if linear > 0 else (root - linear) / (4 * n)
    variance = n * (2 * share + difference * (1 - difference))
    return beyond / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, beyond)


def _highest_accepted(gained: int, lost: int, n: int) -> float:
    """The largest difference that the test does not reject at 5 %."""
    if _paired_score(gained, lost, n, 0.0) < -NORMAL_95:
        accepted, rejected = (gained - lost) / n, 0.0
    else:
        # Where 0 is accepted, the search begins there: so it lies within, as the p-value says.
        accepted, rejected = max(0.0, (gained - lost) / n), 1.0
    if _paired_score(gained, lost, n, rejected) >= -NORMAL_95:
        return rejected
    for _ in range(60):
        middle = (accepted + rejected) / 2
        if _paired_score(gained, lost, n, middle) < -NORMAL_95:
            rejected = middle
        else:
            accepted = middle
    return accepted


@dataclass(frozen=True)
class MannWhitneyTest:
    """The test of H. Mann and D. Whitney (1947) of two groups of numbers.

    Attributes:
        superiority: How often a number of the first group is greater than one of the second, equal
            ones counted half, 0–1; 0.5 where neither lies higher.
        p_value: How often chance alone would separate the groups at least as far, 0–1; two-sided,
            by the normal approximation with corrections for ties and continuity.
    """

    superiority: float
    p_value: float


def mann_whitney_test(values: np.ndarray, others: np.ndarray) -> MannWhitneyTest:
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
    return MannWhitneyTest(greater / (n * m), p_value)


def fisher_exact_test(successes: int, n: int, other_successes: int, other_n: int) -> float:
    """How often chance alone would split successes over two groups at least so unlikely, 0–1.

    The exact test of R. A. Fisher (1935), two-sided: of all ways to split them that leave the sums
    as they are, those no more probable than what was seen, as R and scipy count them.

    Args:
        successes: In one group, 0 to `n`.
        n: Cases of that group.
        other_successes: In another group, 0 to `other_n`.
        other_n: Cases of that group.
    """
    both, cases = successes + other_successes, n + other_n
    low, high = max(0, both - other_n), min(n, both)
    # Weights relative to that of the most probable split, outwards from it: nothing overflows.
    middle = min(high, max(low, (both + 1) * (n + 1) // (cases + 2)))
    up, down = np.arange(middle, high, dtype=np.float64), np.arange(middle, low, -1.0)
    above = np.cumprod((both - up) * (n - up) / ((up + 1) * (other_n - both + up + 1)))
    below = np.cumprod(down * (other_n - both + down) / ((both - down + 1) * (n - down + 1)))
    weights = np.concatenate([below[::-1], [1.0], above])
    seen = weights[successes - low] * (1 + _AS_PROBABLE)
    return float(min(1.0, weights[weights <= seen].sum() / weights.sum()))


_AS_PROBABLE = 1e-7
"""By how much rounding may part two probabilities that are equal, as in R."""


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


def homogeneity_p_value(counts: np.ndarray, others: np.ndarray) -> float:
    """Of the chi-square test that two groups are spread alike over classes (K. Pearson 1900).

    Args:
        counts: Cases of each class in one group. Integers, shape `(n_classes,)`, sum ≥ 1.
        others: The same in another group.

    Returns:
        0–1; 1 where one class is all there is.
    """
    from scipy.special import chdtrc  # scipy.stats would cost the server 60 MB

    either = counts + others > 0
    if either.sum() < 2:
        return 1.0
    observed = np.stack([counts[either], others[either]])
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / observed.sum()
    statistic = ((observed - expected) ** 2 / expected).sum()
    return float(chdtrc(either.sum() - 1, statistic))
