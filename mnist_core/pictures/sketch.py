"""Any picture of a digit as one image in MNIST's format, with every step on the way.

The format: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
document recognition" (1998): ink white on black, scaled into 20×20 keeping its shape, centred by
mass in 28×28.
"""

from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.image_size import SIDE
from mnist_core.pictures.grey import as_grey
from mnist_core.pictures.ink import ink_in, own_strokes
from mnist_core.pictures.paper_sheet import on_sheet
from mnist_core.pictures.resizing import resized

BOX = 20

THIN, THICK = 2.0, 4.6
"""Strokes outside these widths, in pixels of the 20×20 box, are redrawn with …"""

THIN_BECOMES, THICK_BECOMES = 2.6, 4.0
"""… these. MNIST's own strokes lie in between."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """A picture of a digit on its way into MNIST's format; all arrays are read-only.

    Attributes:
        grey: The picture, at most 1,024 pixels long. `float32`, shape `(h, w)`, 0–255.
        ink: The digit's own strokes, paper 0 and full ink 1. `float32`, shape `(h, w)`.
        stroke_width: Mean width of the strokes before any redrawing, in pixels of the 20×20 box.
        image: What a model is shown, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
    """

    grey: np.ndarray
    ink: np.ndarray
    stroke_width: float
    image: np.ndarray

    def __post_init__(self) -> None:
        for name in ("grey", "ink", "image"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def to_mnist(picture: np.ndarray) -> Sketch | None:
    """Bring a picture of one digit into MNIST's format.

    Ink may be dark on light or light on dark, thin or thick, anywhere, on uneven paper, on a sheet
    that does not fill the picture.

    Args:
        picture: Levels 0–255. `uint8`, shape `(h, w)`, `(h, w, 3)` or, with transparency,
            `(h, w, 4)`; at least 5 pixels high and wide.

    Returns:
        `None` where there is no ink.

    Raises:
        SketchError: Shape or dtype is another.
    """
    grey = as_grey(picture)
    return formatted(grey, ink_in(on_sheet(grey)))


def from_strokes(ink: np.ndarray) -> Sketch | None:
    """Bring a digit drawn on a blank sheet into MNIST's format; what is full ink stays full ink.

    Args:
        ink: How much of each pixel is covered with ink, 0–1. `float32`, shape `(h, w)`.

    Returns:
        `None` where there is no ink.
    """
    return formatted(255 * (1 - ink), own_strokes(ink))


def formatted(grey: np.ndarray, ink: np.ndarray | None) -> Sketch | None:
    """Bring a digit's own ink into MNIST's format.

    Args:
        grey: The picture it was found in. `float32`, shape `(h, w)`, 0–255.
        ink: Paper 0 and full ink 1. `float32`, shape `(h, w)`; `None` for none.
    """
    if ink is None:
        return None
    crop = square(ink)
    width = _stroke_width(_enlarged(crop))
    return Sketch(grey, ink, width, _centred(boxed(redrawn_strokes(crop, width))))


def redrawn_strokes(crop: np.ndarray, width: float) -> np.ndarray:
    """The square of a digit with strokes of a width that MNIST has; itself where they have it.

    Args:
        crop: Paper 0 and full ink 1. `float32`, square.
        width: Of its strokes, in pixels of the 20×20 box.
    """
    if THIN <= width <= THICK:
        return crop
    return _redrawn(_enlarged(crop), width, THIN_BECOMES if width < THIN else THICK_BECOMES)


def square(ink: np.ndarray) -> np.ndarray:
    """The smallest square around the ink, the ink in its middle."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = cut.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    return np.pad(cut, ((top, side - height - top), (left, side - width - left)))


_FINE = 5
"""Strokes are measured and redrawn at five times the final size."""


def _enlarged(crop: np.ndarray) -> np.ndarray:
    side = BOX * _FINE
    fine = resized(crop, side, side, smoothly=len(crop) < side)
    return np.clip(fine / np.median(fine[fine > 0.5 * fine.max()]), 0, 1)


def _stroke_width(fine: np.ndarray) -> float:
    """Mean width in pixels of the box: four times the mean distance of ink from the paper."""
    from scipy import ndimage

    mask = np.pad(fine > 0.5, 1)
    return 4 * float(ndimage.distance_transform_edt(mask)[mask].mean()) / _FINE


def _redrawn(fine: np.ndarray, width: float, wanted: float) -> np.ndarray:
    """The strokes with their edges moved so that they have the wanted width in the box."""
    from scipy import ndimage

    # The strokes grow by 2·move, and so does the digit, which is then scaled to the box again.
    move = (wanted - width) / (2 * (1 - wanted / BOX)) * _FINE
    mask = np.pad(fine > 0.5, int(max(move, 0)) + 2)
    inside, outside = ndimage.distance_transform_edt(mask), ndimage.distance_transform_edt(~mask)
    distance = np.where(mask, inside - 0.5, 0.5 - outside)
    moved = np.clip(distance + move + 0.5, 0, 1).astype(np.float32)
    return square(moved) if (moved > 0.5).any() else fine


def boxed(crop: np.ndarray) -> np.ndarray:
    """The square scaled into the box: grey levels, `uint8`, shape `(20, 20)`."""
    small = resized(crop, BOX, BOX, smoothly=len(crop) < BOX)
    return np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)


def _centred(levels: np.ndarray) -> np.ndarray:
    """The box in the image, its centre of mass in the middle."""
    mass, along = levels.sum(dtype=float), np.arange(BOX)
    middle = levels.sum(axis=1) @ along / mass, levels.sum(axis=0) @ along / mass
    top, left = (int(np.clip(round(SIDE / 2 - place), 0, SIDE - BOX)) for place in middle)
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[top : top + BOX, left : left + BOX] = levels
    return image
