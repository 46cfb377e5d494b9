"""Strokes drawn and erased on a canvas: what they put where, on a blank sheet or on an image."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import SketchError
from mnist_core.pictures import read_picture
from mnist_core.pictures.grey import LUMA
from mnist_core.pictures.resizing import resized

PAPER, INK = 244, 17
"""Grey levels of a canvas's paper, with which the eraser draws, and of its pen."""

MOST_CANVAS_PIXELS = 1_000_000


@dataclass(frozen=True, eq=False)
class Strokes:
    """What was drawn; both arrays are read-only and of the same shape `(h, w)`.

    Attributes:
        covered: How much of each pixel is covered, by pen or eraser, 0–1. `float32`.
        ink: How much of it is covered with ink, 0–1, no more than `covered`. `float32`.
    """

    covered: np.ndarray
    ink: np.ndarray

    def __post_init__(self) -> None:
        for name in ("covered", "ink"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def read_strokes(png: bytes) -> Strokes:
    """Read what was drawn on a canvas, strokes on a transparent ground.

    Args:
        png: A picture of at most a megapixel, as a browser sent it.

    Raises:
        SketchError: It is another kind of picture, damaged or too large.
    """
    levels = read_picture(io.BytesIO(png), most_pixels=MOST_CANVAS_PIXELS)
    if levels.ndim != 3 or levels.shape[2] != 4:
        raise SketchError(
            "Expected strokes on a transparent ground. Received: a picture without transparency. "
            "Clear the sheet."
        )
    covered = levels[..., 3] / np.float32(255)
    darkness = (PAPER - levels[..., :3] @ LUMA) / np.float32(PAPER - INK)
    return Strokes(covered, covered * np.clip(darkness, 0, 1))


def with_strokes(image: np.ndarray, strokes: Strokes) -> np.ndarray:
    """Put strokes onto an image, in its own frame: every pixel takes its share of ink and paper.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        strokes: Of the same frame.

    Returns:
        The image with the strokes. `uint8`, shape `(28, 28)`.
    """
    height, width = image.shape
    covered = resized(strokes.covered, width, height, smoothly=False)
    ink = resized(strokes.ink, width, height, smoothly=False)
    return np.rint(image * (1 - covered) + 255 * ink).astype(np.uint8)
