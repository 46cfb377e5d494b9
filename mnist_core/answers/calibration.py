"""`Calibration`: confidence against accuracy, in bins of confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Bins = int | Sequence[float]
"""So many bins of equal width over (0, 1], or their edges from 0 to 1 in ascending order."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """Confidence against accuracy in bins, each without its lower edge; empty ones are left out.

    Attributes:
        edges: Lower and upper edge of each bin, 0–1. `float64`, shape `(bins, 2)`.
        confidence: Mean confidence of each bin, 0–1. `float64`, shape `(bins,)`.
        accuracy: Share classified right in each bin, 0–1. `float64`, shape `(bins,)`.
        count: Images in each bin. `int64`, shape `(bins,)`.
        expected_error: Mean distance between the two, weighted by count, 0–1 (ECE; Naeini,
            Cooper, Hauskrecht 2015).
    """

    edges: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    count: np.ndarray
    expected_error: float


def calibration(confidence: np.ndarray, is_right: np.ndarray, bins: Bins) -> Calibration:
    """Compare the confidence in answers with how many of them are right.

    Args:
        confidence: Of each image, 0–1. Floats, shape `(n,)`, n ≥ 1.
        is_right: Whether each is classified right. `bool`, shape `(n,)`.
        bins: See `Bins`.
    """
    edges = bin_edges(bins)
    which, n_bins = bin_of(confidence, edges), len(edges) - 1
    counts = np.bincount(which, minlength=n_bins)
    sure = np.bincount(which, weights=confidence, minlength=n_bins)
    right = np.bincount(which, weights=is_right, minlength=n_bins)
    some = counts > 0
    counts, sure, right = counts[some], sure[some], right[some]
    return Calibration(
        edges=np.stack([edges[:-1], edges[1:]], axis=1)[some],
        confidence=sure / counts,
        accuracy=right / counts,
        count=counts,
        expected_error=float(np.sum(np.abs(sure - right)) / len(confidence)),
    )


def bin_edges(bins: Bins) -> np.ndarray:
    """The edges of all bins. `float64`, shape `(bins + 1,)`."""
    return np.linspace(0, 1, bins + 1) if isinstance(bins, int) else np.asarray(bins, np.float64)


def bin_of(confidence: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The bin of each confidence, counted from 0; what lies beyond the edges is in the outermost.

    Args:
        confidence: Floats, shape `(n,)`.
        edges: See `bin_edges`.
    """
    return np.clip(np.searchsorted(edges, confidence) - 1, 0, len(edges) - 2)
