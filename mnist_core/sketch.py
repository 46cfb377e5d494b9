"""Any picture of a digit as one image in MNIST's format, with every step on the way.

The format: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
document recognition" (1998): ink white on black, scaled into 20×20 keeping its shape, centred by
mass in 28×28.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.damage import READING_ERRORS
from mnist_core.errors import SketchError

if TYPE_CHECKING:
    from PIL import Image

SIDE, BOX = 28, 20
WORKING_SIDE = 1024
"""Longer pictures are made so small first; a digit needs no more."""

LEAST_SIDE = 5
LEAST_LIGHT = 220
"""Paper counts as at least so bright, or faint things in a deep shadow would pass for ink."""

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue in a grey level (ITU-R BT.601)."""
LEAST_CONTRAST = 0.14
"""Ink fainter than this share of the paper's light is taken for a shadow or noise."""

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


def read_picture(file: Path | IO[bytes]) -> np.ndarray:
    """Read a PNG, JPEG or any other picture that Pillow knows, upright.

    Returns:
        Levels 0–255. `uint8`, shape `(h, w)`, `(h, w, 3)` or, with transparency, `(h, w, 4)`.

    Raises:
        SketchError: It is not there, torn, no picture, or too large or small.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    bombs = (Image.DecompressionBombWarning, Image.DecompressionBombError)
    name = file.name if isinstance(file, Path) else "the picture"
    try:
        with warnings.catch_warnings():
            # Pillow's own limit, some 90 million pixels, before anything is decoded.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file)
        with picture:
            # A JPEG is decoded at a fraction of its size where that will do.
            picture.draft("RGB", (2 * WORKING_SIDE, 2 * WORKING_SIDE))
            levels = _levels(ImageOps.exif_transpose(picture))
    except (*READING_ERRORS, SyntaxError, *bombs) as error:
        received = "no picture" if isinstance(error, UnidentifiedImageError) else str(error)
        raise SketchError(
            f"Expected a PNG or JPEG picture in {name}. Received: {received}. Save it again."
        ) from error
    _check_side(levels, name)
    return levels


def to_mnist(picture: np.ndarray) -> Sketch | None:
    """Bring a picture of one digit into MNIST's format.

    Ink may be dark on light or light on dark, thin or thick, anywhere, on uneven paper.

    Args:
        picture: Levels 0–255. `uint8`, shape `(h, w)`, `(h, w, 3)` or, with transparency,
            `(h, w, 4)`; at least 5 pixels high and wide.

    Returns:
        `None` where there is no ink.

    Raises:
        SketchError: Shape or dtype is another.
    """
    grey = _as_grey(picture)
    ink = _strokes(_without_light(grey))
    if ink is None:
        return None
    crop = _square(ink)
    width = _stroke_width(_enlarged(crop))
    if not THIN <= width <= THICK:
        crop = _redrawn(_enlarged(crop), width, THIN_BECOMES if width < THIN else THICK_BECOMES)
    return Sketch(grey, ink, width, _centred(crop))


def _levels(picture: Image.Image) -> np.ndarray:
    """The picture as bytes, grey, in colours, or in colours with transparency."""
    if picture.mode.startswith("I"):  # 16 bits, which `convert` would cut off
        deep = np.asarray(picture, dtype=np.float64)
        return (deep / 257 if deep.max() > 255 else deep).astype(np.uint8)
    if "transparency" in picture.info or "A" in picture.getbands():
        return np.asarray(picture.convert("RGBA"))
    return np.asarray(picture.convert("L" if picture.mode in ("1", "L") else "RGB"))


def _as_grey(picture: np.ndarray) -> np.ndarray:
    """Grey levels 0–255, at most `WORKING_SIDE` long, transparency laid on paper."""
    is_picture = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] in (3, 4))
    if picture.dtype != np.uint8 or not is_picture:
        raise SketchError(
            "Expected levels 0–255 (uint8) of shape (h, w), (h, w, 3) or (h, w, 4). Received: "
            f"{picture.dtype} of shape {picture.shape}. Convert the picture first."
        )
    _check_side(picture, "the picture")
    if picture.ndim == 2:
        return _shrunk(picture.astype(np.float32), WORKING_SIDE)
    bands = [_shrunk(band.astype(np.float32), WORKING_SIDE) for band in np.moveaxis(picture, 2, 0)]
    colours = np.stack(bands[:3])
    if len(bands) == 4:
        opacity = bands[3] / 255
        # Light ink was drawn for dark paper.
        is_light = (colours.mean(axis=0) * opacity).sum() > 127 * opacity.sum()
        colours = colours * opacity + (0 if is_light else 255) * (1 - opacity)
    luma = np.tensordot(LUMA, colours, axes=1)
    # Yellow ink hardly darkens the luma of its paper, but the blue of it.
    return max((luma, *colours), key=lambda grey: float(grey.std()))


def _check_side(picture: np.ndarray, name: str) -> None:
    if min(picture.shape[:2]) < LEAST_SIDE:
        raise SketchError(
            f"Expected at least {LEAST_SIDE} × {LEAST_SIDE} pixels in {name}. Received: "
            f"{picture.shape[1]} × {picture.shape[0]}. Draw the digit larger."
        )


def _resized(picture: np.ndarray, width: int, height: int, *, smoothly: bool) -> np.ndarray:
    from PIL import Image

    method = Image.Resampling.BICUBIC if smoothly else Image.Resampling.BOX
    image = Image.fromarray(np.ascontiguousarray(picture, dtype=np.float32))
    return np.asarray(image.resize((width, height), method))


def _shrunk(picture: np.ndarray, longest: int) -> np.ndarray:
    """The picture with its longer side at most `longest`."""
    height, width = picture.shape
    scale = longest / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return _resized(picture, *size, smoothly=False)


def _without_light(grey: np.ndarray) -> np.ndarray:
    """Ink as the share of light that it takes from the paper around it, whatever the polarity.

    The paper's light is a morphological closing: the brightest that is near, dark strokes filled.
    """
    from scipy import ndimage

    dark_ink = grey if _is_dark_on_light(grey) else 255 - grey
    height, width = grey.shape
    small = _shrunk(dark_ink, 128)
    reach = max(3, int(max(small.shape) * 0.33)) | 1
    padded = np.pad(small, reach, mode="edge")
    brightest = ndimage.maximum_filter(padded, reach, mode="nearest")
    paper = ndimage.minimum_filter(brightest, reach, mode="constant", cval=255)
    paper = _resized(paper[reach:-reach, reach:-reach], width, height, smoothly=True)
    return (paper - dark_ink) / np.maximum(paper, LEAST_LIGHT)


def _is_dark_on_light(grey: np.ndarray) -> bool:
    """By the picture's edge where that is even, else by which side of its surroundings is rarer."""
    from scipy import ndimage

    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    middle, least, most = float(np.median(edge)), float(grey.min()), float(grey.max())
    if np.mean(np.abs(edge - middle) <= 0.03 * (most - least)) > 0.4:
        return middle - least > most - middle
    small = _shrunk(grey, 32)
    rough = ndimage.median_filter(small, int(max(small.shape) * 0.45) | 1, mode="nearest")
    difference = (grey - _resized(rough, grey.shape[1], grey.shape[0], smoothly=True)) / 255
    return float((difference**3).sum()) < 0


def _strokes(ink: np.ndarray) -> np.ndarray | None:
    """The digit's own strokes, 0–1 of full ink, without specks and lines; `None` without any."""
    from scipy import ndimage

    full = _full_ink(ink)
    paper = ink[ink <= 0.5 * full]
    zero = float(np.median(paper))
    noise = 1.4826 * float(np.median(np.abs(paper - zero)))
    ink, full = ink - zero, full - zero
    if full < max(LEAST_CONTRAST, 5 * noise):
        return None
    strong = 0.5 * full
    labels, n = ndimage.label(ink > max(0.6 * strong, 3 * noise), np.ones((3, 3)))
    inside = labels > 0
    mass = np.bincount(labels[inside], np.minimum(ink[inside], full), n + 1)
    is_strong = np.bincount(labels[inside], ink[inside] > strong, n + 1) > 0
    kept = _belonging(labels, ndimage.find_objects(labels), mass, is_strong)
    if not kept:
        return None
    near = ndimage.binary_dilation(np.isin(labels, kept), np.ones((3, 3)))
    visible = near & (ink > max(4 * noise, 0.02))
    return np.where(visible, np.clip(ink / full, 0, 1), 0).astype(np.float32)


def _full_ink(ink: np.ndarray) -> float:
    """How dark full ink is: the mean of what is darker than half of it."""
    from scipy import ndimage

    level = float(ndimage.uniform_filter(ink, 2 * max(1, max(ink.shape) // 200) + 1).max())
    for _ in range(3):
        dark = ink[ink > 0.5 * level]
        level = float(dark.mean()) if dark.size else level
    return level


def _belonging(
    labels: np.ndarray, boxes: list, mass: np.ndarray, is_strong: np.ndarray
) -> list[int]:
    """The connected parts that make the digit: the heaviest, and what lies near it in weight."""
    candidates = [
        part
        for part in range(1, len(mass))
        if is_strong[part] and not _is_foreign(labels, part, boxes[part - 1])
    ]
    if not candidates:
        return []
    main = max(candidates, key=lambda part: mass[part])
    kept, rest = [main], [p for p in candidates if p != main and mass[p] >= 0.03 * mass[main]]
    bounds = _bounds(boxes[main - 1])
    reach = 0.5 * max(bounds[1] - bounds[0], bounds[3] - bounds[2])
    while near := [p for p in rest if _distance(bounds, _bounds(boxes[p - 1])) <= reach]:
        kept += near
        rest = [part for part in rest if part not in near]
        corners = np.array([bounds, *(_bounds(boxes[part - 1]) for part in near)])
        low, high = corners.min(axis=0), corners.max(axis=0)
        bounds = (low[0], high[1], low[2], high[3])
    return kept


def _is_foreign(labels: np.ndarray, part: int, box: tuple[slice, slice]) -> bool:
    """Whether a part is a speck, a ruled line, or something that comes in over the edge."""
    height, width = labels.shape
    rows, columns = box
    tall, wide = rows.stop - rows.start, columns.stop - columns.start
    if max(tall, wide) < max(4, 0.02 * max(height, width)):
        return True
    if tall >= 0.8 * height and wide >= 0.8 * width:
        return False  # a digit that fills the picture touches its edges
    mask = labels[box] == part
    contact = max(
        mask[0].sum() * (rows.start == 0),
        mask[-1].sum() * (rows.stop == height),
        mask[:, 0].sum() * (columns.start == 0),
        mask[:, -1].sum() * (columns.stop == width),
    )
    is_line = (tall == height or wide == width) and min(tall, wide) < 0.15 * max(tall, wide)
    return bool(contact >= 0.5 * max(tall, wide)) or is_line


def _bounds(box: tuple[slice, slice]) -> tuple[int, int, int, int]:
    return box[0].start, box[0].stop, box[1].start, box[1].stop


def _distance(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> int:
    """Gap between two boxes (top, bottom, left, right) along the axis where it is larger."""
    rows = max(other[0] - one[1], one[0] - other[1])
    return max(rows, other[2] - one[3], one[2] - other[3])


def _square(ink: np.ndarray) -> np.ndarray:
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
    fine = _resized(crop, side, side, smoothly=len(crop) < side)
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
    return _square(moved) if (moved > 0.5).any() else fine


def _centred(crop: np.ndarray) -> np.ndarray:
    """The square scaled into the box, its centre of mass in the middle of the image."""
    small = _resized(crop, BOX, BOX, smoothly=len(crop) < BOX)
    levels = np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
    mass, along = levels.sum(dtype=float), np.arange(BOX)
    middle = levels.sum(axis=1) @ along / mass, levels.sum(axis=0) @ along / mass
    top, left = (int(np.clip(round(SIDE / 2 - place), 0, SIDE - BOX)) for place in middle)
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[top : top + BOX, left : left + BOX] = levels
    return image
