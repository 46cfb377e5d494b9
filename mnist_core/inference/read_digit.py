"""`read_digit`: what a model sees of a digit that was drawn or photographed, and its answer."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.inference.prediction import predict
from mnist_core.pictures.sketch import from_strokes, to_mnist
from mnist_core.pictures.strokes import read_strokes, with_strokes


@dataclass(frozen=True, eq=False)
class ReadDigit:
    """A digit as a model was shown it, and its answer; both arrays are read-only.

    Attributes:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        outputs: Probabilities, 0–1, or scores. `float32`, shape `(n_classes,)`.
    """

    image: np.ndarray
    outputs: np.ndarray

    def __post_init__(self) -> None:
        for name in ("image", "outputs"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def read_digit(
    drawn: bytes | np.ndarray, model_file: Path, on: np.ndarray | None = None
) -> ReadDigit | None:
    """Bring what was drawn into MNIST's format and ask a model about it.

    Args:
        drawn: Strokes on a transparent ground, a PNG as a browser sent it; or a picture of one
            digit on paper, levels as `read_picture` gives them.
        model_file: A `.keras` file.
        on: The image that strokes were drawn on, `None` for a blank sheet. Grey levels, 0 (paper)
            to 255 (ink). `uint8`, shape `(28, 28)`.

    Returns:
        `None` where nothing was drawn.

    Raises:
        SketchError: The PNG is another kind of picture, damaged or too large, or the picture's
            shape or dtype is another.
        CheckpointError: The model's file is not there or is not a model we can use.
    """
    image = _as_shown(drawn, on)
    return None if image is None else ReadDigit(image, predict(model_file, image[None])[0])


def _as_shown(drawn: bytes | np.ndarray, on: np.ndarray | None) -> np.ndarray | None:
    if isinstance(drawn, np.ndarray):
        sketch = to_mnist(drawn)
        return None if sketch is None else sketch.image
    strokes = read_strokes(drawn)
    if on is not None:
        return with_strokes(on, strokes) if strokes.covered.any() else None
    sketch = from_strokes(strokes.ink)
    return None if sketch is None else sketch.image
