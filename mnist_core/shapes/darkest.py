"""Darkest: the highest grey level of an image, 1–255; it tells how an image came about."""

import numpy as np

from mnist_core.shapes.measure import Measure


def darkest(levels: np.ndarray) -> np.ndarray:
    """The highest grey level. `float64`, shape `(n,)`."""
    return levels.max(axis=(1, 2)).astype(np.float64)


DARKEST = Measure("darkest level", darkest, more="are darker", less="are fainter", unit="")
