"""What can be measured of an image's ink: `MEASURES`, and `measure`, which takes them all.

`drift` holds two groups against each other, also by the `DRIFT_MEASURES` that tell of the format.
"""

import numpy as np

from mnist_core.shapes.centre import CENTRE_ACROSS, CENTRE_DOWN
from mnist_core.shapes.darkest import DARKEST
from mnist_core.shapes.drift import Drift, class_weights, drift
from mnist_core.shapes.extent import HEIGHT, WIDTH
from mnist_core.shapes.ink import INK
from mnist_core.shapes.measure import Measure
from mnist_core.shapes.shapes import Shapes, take
from mnist_core.shapes.slant import SLANT
from mnist_core.shapes.thickness import THICKNESS

MEASURES: dict[str, Measure] = {
    measure.name: measure for measure in (THICKNESS, SLANT, WIDTH, HEIGHT, INK)
}
DRIFT_MEASURES = (*MEASURES.values(), CENTRE_ACROSS, CENTRE_DOWN, DARKEST)


def measure(images: np.ndarray, *, shows_strokes: bool = True) -> Shapes:
    """Measure each image by itself.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`.
        shows_strokes: Whether the images are written; else what is said of strokes is left out.
    """
    chosen = [each for each in MEASURES.values() if shows_strokes or not each.of_strokes]
    return take(chosen, images)


def measure_for_drift(images: np.ndarray) -> Shapes:
    """Take the `DRIFT_MEASURES` of each image; as in `measure`."""
    return take(DRIFT_MEASURES, images)


def find_drift(
    shapes: Shapes,
    reference: Shapes,
    *,
    shows_strokes: bool = True,
    weights: np.ndarray | None = None,
) -> tuple[Drift, ...]:
    """Compare two groups of images by what `measure_for_drift` has found; see `drift`.

        own, training = measure_for_drift(images), measure_for_drift(split.images)
        find_drift(own, training, weights=class_weights(labels, split.labels))

    Args:
        shapes: Of the images.
        reference: Of those they are held against.
        shows_strokes: Whether both are written; else what is said of strokes is left out.
        weights: What each image of the reference counts, such as `class_weights`.
    """
    chosen = [each for each in DRIFT_MEASURES if shows_strokes or not each.of_strokes]
    return drift(chosen, shapes, reference, weights=weights)


__all__ = [
    "DRIFT_MEASURES",
    "MEASURES",
    "Drift",
    "Measure",
    "Shapes",
    "class_weights",
    "find_drift",
    "measure",
    "measure_for_drift",
]
