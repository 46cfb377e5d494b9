"""`calibrated_errors`: the calibration errors that perfectly calibrated models would show."""

import numpy as np

DRAWS = 1_000
"""Number of draws by default."""


def calibrated_errors(
    confidence: np.ndarray, *, bins: int = 15, draws: int = DRAWS, seed: int = 0
) -> np.ndarray:
    """Expected calibration errors of a model whose accuracy equals its confidence.

    The error is never 0, even of such a model, because it counts distances (in the manner of the
    resampling of J. Bröcker, L. Smith 2007). In each draw an image counts as right with a
    probability equal to its confidence.

    Args:
        confidence: Of each image, 0–1. Floats, shape `(n,)`, n ≥ 1.
        bins: Bins of equal width over (0, 1].
        draws: How often.
        seed: Of the draws.

    Returns:
        Errors, 0–1, in ascending order. `float64`, shape `(draws,)`.
    """
    random = np.random.default_rng(seed)
    confidence = confidence.astype(np.float64)
    which = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    sure = np.bincount(which, weights=confidence, minlength=bins)
    errors = np.empty(draws)
    for draw in range(draws):
        is_right = random.random(len(confidence)) < confidence
        right = np.bincount(which[is_right], minlength=bins)
        errors[draw] = np.abs(sure - right).sum() / len(confidence)
    return np.sort(errors)
