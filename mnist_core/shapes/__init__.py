"""What can be measured of an image's ink: `MEASURES`, and `measure`, which takes them all."""

import numpy as np

from mnist_core.shapes.extent import HEIGHT, WIDTH
from mnist_core.shapes.ink import INK
from mnist_core.shapes.measure import Measure
from mnist_core.shapes.shapes import Shapes, take
from mnist_core.shapes.slant import SLANT
from mnist_core.shapes.thickness import THICKNESS

MEASURES: dict[str, Measure] = {
    measure.name: measure for measure in (THICKNESS, SLANT, WIDTH, HEIGHT, INK)
}


def measure(images: np.ndarray, *, shows_strokes: bool = True) -> Shapes:
    """Measure each image by itself.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`.
        shows_strokes: Whether the images are written; else what is said of strokes is left out.
    """
    chosen = [each for each in MEASURES.values() if shows_strokes or not each.of_strokes]
    return take(chosen, images)


__all__ = ["MEASURES", "Measure", "Shapes", "measure"]
