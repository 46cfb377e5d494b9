"""Ink: grey levels summed up, in pixels of full ink, 0–784."""

import numpy as np

from mnist_core.shapes.measure import Measure

FULL_INK = 255


def ink(levels: np.ndarray) -> np.ndarray:
    """Amount of ink. `float64`, shape `(n,)`."""
    return levels.sum(axis=(1, 2), dtype=np.float64) / FULL_INK


INK = Measure("ink", ink, more="have more ink", less="have less ink")
