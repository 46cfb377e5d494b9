"""Any picture in grey."""

import numpy as np

from mnist_core.errors import SketchError
from mnist_core.pictures import check_side
from mnist_core.pictures.resizing import shrunk

WORKING_SIDE = 1024
"""Longer pictures are made so small first; a digit needs no more."""

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue in a grey level (ITU-R BT.601)."""


def as_grey(picture: np.ndarray) -> np.ndarray:
    """Grey levels 0–255, at most `WORKING_SIDE` long, transparency laid on paper."""
    is_picture = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] in (3, 4))
    if picture.dtype != np.uint8 or not is_picture:
        raise SketchError(
            "Expected levels 0–255 (uint8) of shape (h, w), (h, w, 3) or (h, w, 4). Received: "
            f"{picture.dtype} of shape {picture.shape}. Convert the picture first."
        )
    check_side(picture.shape[1], picture.shape[0], "the picture")
    if picture.ndim == 2:
        return shrunk(picture.astype(np.float32), WORKING_SIDE)
    bands = [shrunk(band.astype(np.float32), WORKING_SIDE) for band in np.moveaxis(picture, 2, 0)]
    colours = np.stack(bands[:3])
    if len(bands) == 4:
        opacity = bands[3] / 255
        # Light ink was drawn for dark paper.
        is_light = (colours.mean(axis=0) * opacity).sum() > 127 * opacity.sum()
        colours = colours * opacity + (0 if is_light else 255) * (1 - opacity)
    luma = np.tensordot(LUMA, colours, axes=1)
    # Yellow ink hardly darkens the luma of its paper, but the blue of it.
    return max((luma, *colours), key=lambda grey: float(grey.std()))
