"""An explanation as a picture: a row of maps, red for and blue against a class."""

import numpy as np
from PIL import Image, ImageDraw

from mnist_core.explainers.attribution import Attribution

FOR, AGAINST = (214, 50, 45), (33, 102, 172)
_GAP = 2


def colour_limit(attribution: Attribution) -> float:
    """Absolute value of full colour: what all but one pixel in a thousand stay below."""
    return limit_of(attribution.values)


def limit_of(values: np.ndarray) -> float:
    """The same of any values. Floats of any shape."""
    return max(float(np.quantile(np.abs(values), 0.999)), 1e-9)


def coloured(values: np.ndarray, limit: float) -> np.ndarray:
    """Values as colours, transparent where they are zero. `uint8`, shape `(h, w, 4)`.

    Args:
        values: Floats, shape `(h, w)`.
        limit: Absolute value of full colour, > 0.
    """
    picture = np.empty((*values.shape, 4), np.uint8)
    picture[..., :3] = np.where((values > 0)[..., None], FOR, AGAINST)
    picture[..., 3] = np.round(np.clip(np.abs(values) / limit, 0, 1) * 255)
    return picture


def row_of_maps(
    attribution: Attribution,
    image: np.ndarray,
    *,
    predicted: int | None = None,
    true: int | None = None,
    zoom: int = 4,
) -> Image.Image:
    """The image, then the map of each class on one scale of colours, on white.

    As on the page, the frame is whole around the predicted class and dashed around the true one;
    the map of a difference has none.

    Args:
        attribution: Of the image.
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        predicted: Class that the model predicts.
        true: True class of the image.
        zoom: Pixels of the picture for each pixel of the image.
    """
    side, limit = image.shape[0], colour_limit(attribution)
    tiles = [Image.fromarray(255 - image).convert("RGBA")]
    tiles += [Image.fromarray(coloured(values, limit), "RGBA") for values in attribution.values]
    row = Image.new("RGBA", (len(tiles) * (side + _GAP) - _GAP, side), "white")
    for place, tile in enumerate(tiles):
        row.alpha_composite(tile, (place * (side + _GAP), 0))
    size = (row.width * zoom, row.height * zoom)
    picture = row.convert("RGB").resize(size, Image.Resampling.NEAREST)
    if attribution.of != "difference":
        for place, label in enumerate(attribution.classes, start=1):
            if label in (predicted, true):
                left = place * (side + _GAP) * zoom
                _frame(picture, left, side * zoom, is_dashed=label != predicted)
    return picture


def _frame(picture: Image.Image, left: int, side: int, *, is_dashed: bool) -> None:
    """Draw the edge of a tile, one pixel wide."""
    draw, dash = ImageDraw.Draw(picture), max(side // 14, 2)
    right, bottom = left + side - 1, side - 1
    if not is_dashed:
        draw.rectangle((left, 0, right, bottom), outline="black")
        return
    for start in range(0, side, 2 * dash):
        end = min(start + dash, side) - 1
        for y in (0, bottom):
            draw.line((left + start, y, left + end, y), fill="black")
        for x in (left, right):
            draw.line((x, start, x, end), fill="black")
