"""What perfectly calibrated models of the same confidences would show: their errors, and a band."""

import numpy as np

from mnist_core.answers.calibration import Bins, bin_edges, bin_of
from mnist_core.answers.poisson_binomial import poisson_binomial

DRAWS = 1_000
"""Number of draws by default."""

WITHIN = 0.95
"""Share of perfectly calibrated models that lie within the band in a bin, at least."""


def calibrated_errors(
    confidence: np.ndarray, *, bins: Bins = 15, draws: int = DRAWS, seed: int = 0
) -> np.ndarray:
    """Expected calibration errors of a model whose accuracy equals its confidence.

    The error is never 0, even of such a model, because it counts distances (in the manner of the
    resampling of J. Bröcker, L. Smith 2007). In each draw an image counts as right with a
    probability equal to its confidence; how many do so in a bin is drawn from the exact
    distribution.

    Args:
        confidence: Of each image, 0–1. Floats, shape `(n,)`, n ≥ 1.
        bins: See `Bins`.
        draws: How often.
        seed: Of the draws.

    Returns:
        Errors, 0–1, in ascending order. `float64`, shape `(draws,)`.
    """
    random = np.random.default_rng(seed)
    distances = np.zeros(draws)
    for sure in _by_bin(confidence, bins):
        below = np.cumsum(poisson_binomial(sure))
        right = np.searchsorted(below[:-1], random.random(draws), side="right")
        distances += np.abs(sure.sum() - right)
    return np.sort(distances) / len(confidence)


def consistency_band(confidence: np.ndarray, bins: Bins = 15) -> np.ndarray:
    """Between which accuracies a perfectly calibrated model lies in each bin (Bröcker, Smith 2007).

    The ends are quantiles of the exact distribution of how many are right, so that at least
    `WITHIN` of such models lie within. A confidence is taken to be known as precisely as its kind
    of number can tell: of what was recorded as a whole 1, some may be wrong.

    Args:
        confidence: Of each image, 0–1. Floats, shape `(n,)`, n ≥ 1.
        bins: See `Bins`.

    Returns:
        Lowest and highest accuracy of each bin that has images, 0–1. `float64`, shape `(bins, 2)`.
    """
    below = np.nextafter(confidence, confidence.dtype.type(0))
    halves = (confidence.astype(np.float64) - below) / 2
    halves_by_bin = _by_bin(confidence, bins, halves)
    band = [
        (
            _quantile(sure - half, (1 - WITHIN) / 2) / len(sure),
            _quantile(sure + half, (1 + WITHIN) / 2) / len(sure),
        )
        for sure, half in zip(_by_bin(confidence, bins), halves_by_bin, strict=True)
    ]
    return np.array(band)


def _quantile(chances: np.ndarray, level: float) -> int:
    """The least number of events that is reached with a probability of at least `level`."""
    below = np.cumsum(poisson_binomial(np.clip(chances, 0, 1)))
    return int(np.searchsorted(below[:-1], level))


def _by_bin(
    confidence: np.ndarray, bins: Bins, values: np.ndarray | None = None
) -> list[np.ndarray]:
    """The confidences of each bin that has some, or other values of the same images."""
    edges = bin_edges(bins)
    which = bin_of(confidence, edges)
    order = np.argsort(which, kind="stable")
    taken = np.clip(confidence if values is None else values, 0, 1)[order].astype(np.float64)
    ends = np.cumsum(np.bincount(which, minlength=len(edges) - 1))
    return [part for part in np.split(taken, ends[:-1]) if len(part)]
