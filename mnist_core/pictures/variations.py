"""An image leant, turned, thickened and moved, in its own 28×28 pixels."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from mnist_core.image_size import SIDE


@dataclass(frozen=True)
class Variation:
    """How an image is changed; all 0 leaves it as it is.

    Attributes:
        slant: Degrees by which upright strokes lean to the right, −90 to 90 without the ends.
        rotation: Degrees, clockwise.
        thickness: Pixels by which the edges of the ink move outwards, or inwards below 0.
        right: Pixels.
        down: Pixels.
    """

    slant: float = 0.0
    rotation: float = 0.0
    thickness: float = 0.0
    right: float = 0.0
    down: float = 0.0


SPANS = {
    "slant": (-40.0, 40.0),
    "rotation": (-60.0, 60.0),
    "thickness": (-1.0, 2.0),
    "right": (-8.0, 8.0),
    "down": (-8.0, 8.0),
}
"""The least and the most of each that is of use: beyond, hardly anything of a digit is left."""

NAMES = tuple(field.name for field in fields(Variation))


def varied(image: np.ndarray, variation: Variation) -> np.ndarray:
    """Change an image: its strokes first, then its slant and rotation about the ink's centre, then
    its place. In between pixels grey levels are interpolated linearly; what leaves is cut off.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        variation: How.

    Returns:
        Likewise; the image itself where nothing is changed.
    """
    if variation == Variation():
        return image
    from scipy import ndimage

    levels = _thickened(image.astype(np.float32), variation.thickness)
    slant, angle = np.radians([variation.slant, variation.rotation])
    # Rows run downwards, so that this turns clockwise and leans to the right.
    lean = np.array([[1, 0], [-np.tan(slant), 1]])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    backwards = np.linalg.inv(turn @ lean)
    middle = np.array(ndimage.center_of_mass(image)) if image.any() else np.full(2, SIDE / 2 - 0.5)
    offset = middle - backwards @ (middle + np.array([variation.down, variation.right]))
    moved = ndimage.affine_transform(levels, backwards, offset, order=1, mode="constant")
    return np.rint(np.clip(moved, 0, 255)).astype(np.uint8)


def varied_along(
    image: np.ndarray, variation: Variation, name: str, *, n: int = 25
) -> tuple[np.ndarray, np.ndarray]:
    """Images along one way of changing, the others as they are.

    Args:
        image: As for `varied`.
        variation: Where the others stand.
        name: One of `NAMES`.
        n: How many.

    Returns:
        Amounts over its span, ascending, `float64`, shape `(n,)`, and the images, `uint8`, shape
        `(n, 28, 28)`.
    """
    amounts = np.linspace(*SPANS[name], n)
    changed = [replace(variation, **{name: float(amount)}) for amount in amounts]
    return amounts, np.stack([varied(image, one) for one in changed])


def _thickened(levels: np.ndarray, by: float) -> np.ndarray:
    """The grey dilation or erosion by a disc; between whole radii a mixture of both."""
    whole, part = divmod(abs(by), 1)
    grown = by > 0
    less, more = (_grown(levels, int(whole) + step, outwards=grown) for step in (0, 1))
    return (1 - np.float32(part)) * less + np.float32(part) * more


def _grown(levels: np.ndarray, radius: int, *, outwards: bool) -> np.ndarray:
    from scipy import ndimage

    if radius == 0:
        return levels
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc = rows**2 + columns**2 <= radius**2
    grow = ndimage.grey_dilation if outwards else ndimage.grey_erosion
    return np.asarray(grow(levels, footprint=disc, mode="constant", cval=0))
