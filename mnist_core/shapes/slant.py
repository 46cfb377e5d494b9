"""Slant: the angle of the shear that a character's second moments show, in degrees from upright.

Positive where it leans to the right; NaN where all ink lies in one row. As in Morpho-MNIST (Castro,
Tan, Kainz, Konukoglu, Glocker 2019).
"""

import numpy as np

from mnist_core.shapes.measure import Measure


def slant(levels: np.ndarray) -> np.ndarray:
    """Degrees by which columns lean, from the covariance of rows and columns of ink. `float64`."""
    along = np.arange(levels.shape[1], dtype=np.float64)
    by_row = levels.sum(axis=2, dtype=np.float64)
    mass = by_row.sum(axis=1)
    row = along - (by_row @ along / mass)[:, None]
    # Where the ink of each row lies, weighted by that ink; measured from the image's middle.
    columns = levels @ (along - along.mean()).astype(np.float32)
    shared, spread = (row * columns).sum(axis=1), (row**2 * by_row).sum(axis=1)
    shear = np.divide(shared, spread, out=np.full(len(mass), np.nan), where=by_row.max(1) < mass)
    return -np.degrees(np.arctan(shear))  # rows are counted downwards


SLANT = Measure(
    "slant",
    slant,
    more="lean more to the right",
    less="lean more to the left",
    unit="°",
    of_strokes=True,
)
