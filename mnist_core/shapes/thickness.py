"""Thickness: width of the stroke in pixels.

That of a straight stroke with round ends that has as much ink and as long an outline. Within 0.15
of what was drawn from 2.5 pixels on and within 0.3 at 2; thinner strokes are blurred by pixels
and measure too thick, at 1 pixel by up to 0.8. As in Morpho-MNIST (Castro, Tan, Kainz, Konukoglu,
Glocker 2019), but measured in a simpler way.
"""

import numpy as np

from mnist_core.shapes.measure import Measure


def thickness(levels: np.ndarray) -> np.ndarray:
    """Width of a straight stroke with round ends, of the same area and perimeter. `float64`.

    Such a stroke of width w has perimeter P and area A with π·w² − 2·P·w + 4·A = 0. The perimeter
    is the total variation of the grey levels (coarea formula; Federer 1959), with gradients by the
    cross of L. Roberts (1963), whose error depends least on the direction of an edge.
    """
    share = np.pad(levels / levels.max(axis=(1, 2), keepdims=True), ((0, 0), (1, 1), (1, 1)))
    falling = share[:, 1:, 1:] - share[:, :-1, :-1]
    rising = share[:, 1:, :-1] - share[:, :-1, 1:]
    perimeter = np.sqrt((falling**2 + rising**2) / 2).sum(axis=(1, 2), dtype=np.float64)
    area = share.sum(axis=(1, 2), dtype=np.float64)
    # No outline is shorter than a circle's, but that of single pixels can come out so.
    beyond_circle = np.maximum(perimeter**2 - 4 * np.pi * area, 0)
    return (perimeter - np.sqrt(beyond_circle)) / np.pi


THICKNESS = Measure(
    "thickness",
    thickness,
    more="have thicker strokes",
    less="have thinner strokes",
    decimals=1,
    of_strokes=True,
)
