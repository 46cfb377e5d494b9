"""Which points lie within a region that somebody has drawn."""

import numpy as np


def inside(points: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """Whether each point lies within a closed outline, by the even-odd rule.

    Of an outline that crosses itself, what it goes round an even number of times is outside.

    Args:
        points: Floats, shape `(n, 2)`.
        outline: Corners in order; the last is joined to the first. Floats, shape `(k, 2)`, k ≥ 3.

    Returns:
        `bool`, shape `(n,)`.
    """
    low, high = outline.min(axis=0), outline.max(axis=0)
    near = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
    x, y = points[near].astype(np.float64).T
    crossed = np.zeros(len(near), bool)
    for (x1, y1), (x2, y2) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        spans = (y1 > y) != (y2 > y)
        crossed[spans] ^= x[spans] < x1 + (y[spans] - y1) * (x2 - x1) / (y2 - y1)
    found = np.zeros(len(points), bool)
    found[near] = crossed
    return found
