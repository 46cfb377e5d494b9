"""`Shapes`: how thick, slanted, wide and high each of many digits is, measured all at once."""

from dataclasses import dataclass, fields

import numpy as np

from mnist_core.arrays import read_only

FULL_INK = 255
INK_FROM = 0.5
"""Share of an image's darkest level from which a pixel counts as ink (as in Morpho-MNIST)."""

_BLOCK = 200
"""Images measured at a time: few enough for their floats to stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """Measures of images of digits; read-only, each `float64`, shape `(n,)`, NaN without ink.

    What is measured is that of D. C. Castro, J. Tan, B. Kainz, E. Konukoglu, B. Glocker,
    "Morpho-MNIST: quantitative assessment and diagnostics for representation learning" (2019);
    thickness, width and height are measured in a simpler way.

    Attributes:
        thickness: Width of the stroke in pixels: that of a straight stroke with round ends that has
            as much ink and as long an outline. Within 0.15 of what was drawn from 2.5 pixels on and
            within 0.3 at 2; thinner strokes are blurred by their pixels and measure too thick, at
            1 pixel by up to 0.8.
        slant: Angle of the shear that the digit's second moments show, in degrees from upright,
            positive where it leans to the right. NaN too where all ink lies in one row.
        width: Columns from the leftmost to the rightmost pixel of ink, in pixels, 1–28.
        height: Rows from the highest to the lowest pixel of ink, in pixels, 1–28.
        ink: Amount of ink: grey levels summed up, in pixels of full ink, 0–784.
    """

    thickness: np.ndarray
    slant: np.ndarray
    width: np.ndarray
    height: np.ndarray
    ink: np.ndarray

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, read_only(getattr(self, field.name)))

    def __len__(self) -> int:
        return len(self.ink)

    def at(self, positions: np.ndarray) -> "Shapes":
        """The measures of some of the images. Integers, shape `(k,)`."""
        return Shapes(**{name: getattr(self, name)[positions] for name in MEASURES})


MEASURES = tuple(field.name for field in fields(Shapes))
"""Names of all that is measured."""


def measure(images: np.ndarray) -> Shapes:
    """Measure each image by itself.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`.
    """
    measures = {name: np.full(len(images), np.nan) for name in MEASURES}
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK]
        inked = np.flatnonzero(block.any(axis=(1, 2)))
        levels = block[inked].astype(np.float32)
        found = {
            "thickness": _thickness(levels),
            "slant": _slant(levels),
            **_extent(levels),
            "ink": levels.sum(axis=(1, 2), dtype=np.float64) / FULL_INK,
        }
        for name, values in found.items():
            measures[name][start + inked] = values
    return Shapes(**measures)


def _thickness(levels: np.ndarray) -> np.ndarray:
    """Width of a straight stroke with round ends, of the same area and perimeter.

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


def _slant(levels: np.ndarray) -> np.ndarray:
    """Degrees by which columns lean, from the covariance of rows and columns of ink."""
    along = np.arange(levels.shape[1], dtype=np.float64)
    by_row = levels.sum(axis=2, dtype=np.float64)
    mass = by_row.sum(axis=1)
    row = along - (by_row @ along / mass)[:, None]
    # Where the ink of each row lies, weighted by that ink; measured from the image's middle.
    columns = levels @ (along - along.mean()).astype(np.float32)
    shared, spread = (row * columns).sum(axis=1), (row**2 * by_row).sum(axis=1)
    shear = np.divide(shared, spread, out=np.full(len(mass), np.nan), where=by_row.max(1) < mass)
    return -np.degrees(np.arctan(shear))  # rows are counted downwards


def _extent(levels: np.ndarray) -> dict[str, np.ndarray]:
    """Sides of the box around all pixels that count as ink."""
    is_ink = levels >= INK_FROM * levels.max(axis=(1, 2), keepdims=True)
    extent = {}
    for name, line in (("width", is_ink.any(axis=1)), ("height", is_ink.any(axis=2))):
        after_last = line.shape[1] - line[:, ::-1].argmax(axis=1)
        extent[name] = after_last - line.argmax(axis=1)
    return extent
