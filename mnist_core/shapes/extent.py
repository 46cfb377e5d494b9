"""Width and height: sides of the box around all pixels that count as ink, in pixels, 1–28.

As in D. C. Castro, J. Tan, B. Kainz, E. Konukoglu, B. Glocker, "Morpho-MNIST: quantitative
assessment and diagnostics for representation learning" (2019), but measured in a simpler way.
"""

import numpy as np

from mnist_core.shapes.measure import Measure

INK_FROM = 0.5
"""Share of an image's darkest level from which a pixel counts as ink (as in Morpho-MNIST)."""


def width(levels: np.ndarray) -> np.ndarray:
    """Columns from the leftmost to the rightmost pixel of ink. `int64`, shape `(n,)`."""
    return _span(np.any(_is_ink(levels), axis=1))


def height(levels: np.ndarray) -> np.ndarray:
    """Rows from the highest to the lowest pixel of ink. `int64`, shape `(n,)`."""
    return _span(np.any(_is_ink(levels), axis=2))


def _is_ink(levels: np.ndarray) -> np.ndarray:
    return levels >= INK_FROM * levels.max(axis=(1, 2), keepdims=True)


def _span(line: np.ndarray) -> np.ndarray:
    after_last = line.shape[1] - line[:, ::-1].argmax(axis=1)
    return after_last - line.argmax(axis=1)


WIDTH = Measure("width", width, more="are wider", less="are narrower")
HEIGHT = Measure("height", height, more="are taller", less="are lower")
