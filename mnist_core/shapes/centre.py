"""Centre: where an image's centre of mass lies, in pixels from its middle, −13.5 to 13.5.

In MNIST's format it lies within a pixel of the middle, so it tells of the format and not of the
digit; hence it is none of the `MEASURES`.
"""

import numpy as np

from mnist_core.shapes.measure import Measure


def across(levels: np.ndarray) -> np.ndarray:
    """Pixels by which the centre lies right of the middle. `float64`, shape `(n,)`."""
    return _from_middle(levels.sum(axis=1, dtype=np.float64))


def down(levels: np.ndarray) -> np.ndarray:
    """Pixels by which the centre lies below the middle. `float64`, shape `(n,)`."""
    return _from_middle(levels.sum(axis=2, dtype=np.float64))


def _from_middle(line: np.ndarray) -> np.ndarray:
    along = np.arange(line.shape[1]) - (line.shape[1] - 1) / 2
    return line @ along / line.sum(axis=1)


CENTRE_ACROSS = Measure(
    "centre across", across, more="lie more to the right", less="lie more to the left", decimals=1
)
CENTRE_DOWN = Measure("centre down", down, more="lie lower", less="lie higher", decimals=1)
