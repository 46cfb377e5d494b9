"""The steps from a picture to MNIST's format, each as an image that a model can be asked about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.image_size import SIDE
from mnist_core.pictures.resizing import resized
from mnist_core.pictures.sketch import BOX, Sketch, boxed, redrawn_strokes, square


@dataclass(frozen=True, eq=False)
class Step:
    """A picture after one step.

    Attributes:
        name: `paper`, `ink`, `crop`, `scale`, `stroke` or `centre`.
        image: Grey levels, 0 (paper) to 255 (ink), read-only. `uint8`, shape `(28, 28)`.
        did: What the step did, in words.
    """

    name: str
    image: np.ndarray
    did: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "image", read_only(self.image))


def steps_of(sketch: Sketch) -> tuple[Step, ...]:
    """All steps of a picture; the last has the sketch's own image.

    What is not 28×28 yet is shrunk to it by the mean of areas.
    """
    is_light = sketch.grey[sketch.ink > 0.5].mean() > np.median(sketch.grey)
    paper = sketch.grey if is_light else 255 - sketch.grey
    crop = square(sketch.ink)
    strokes = redrawn_strokes(crop, sketch.stroke_width)
    is_redrawn = strokes is not crop
    redrawn = f"redrawn, from {sketch.stroke_width:.1f} pixels wide"
    kept = f"left as they are, {sketch.stroke_width:.1f} pixels wide"
    return (
        Step("paper", _whole(paper), "the picture as it is"),
        Step("ink", _whole(255 * sketch.ink), "light, specks and lines taken away"),
        Step("crop", _shrunk(255 * crop, SIDE), "cut to a square around the ink"),
        Step("scale", _in_middle(boxed(crop)), "scaled into 20×20"),
        Step("stroke", _in_middle(boxed(strokes)), redrawn if is_redrawn else kept),
        Step("centre", sketch.image, "its centre of mass put in the middle"),
    )


def _whole(picture: np.ndarray) -> np.ndarray:
    """All of a picture in 28×28, what is missing of a square filled as its edge is."""
    height, width = picture.shape
    side = max(height, width)
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    filled = np.full((side, side), np.median(edge), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    filled[top : top + height, left : left + width] = picture
    return _shrunk(filled, SIDE)


def _shrunk(picture: np.ndarray, side: int) -> np.ndarray:
    small = resized(picture, side, side, smoothly=len(picture) < side)
    return np.rint(np.clip(small, 0, 255)).astype(np.uint8)


def _in_middle(levels: np.ndarray) -> np.ndarray:
    return np.pad(levels, (SIDE - BOX) // 2)
