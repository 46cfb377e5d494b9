"""What was drawn on the sketch page, as the models see it."""

import numpy as np

from dashboard.work import worker
from mnist_core.pictures.sketch import Sketch, from_strokes, read_strokes, with_strokes


def load_sketch(drawing: bytes | None) -> Sketch | None:
    """What was drawn on a blank sheet as the model sees it; `None` without ink."""
    strokes = _load_strokes(drawing)
    return None if strokes is None else worker.call(from_strokes, strokes)


def load_edited(image: np.ndarray, drawing: bytes | None) -> np.ndarray | None:
    """An image with what was drawn over it, `uint8`, shape `(28, 28)`; `None` without a stroke."""
    strokes = _load_strokes(drawing)
    return None if strokes is None else with_strokes(image, strokes)


def _load_strokes(drawing: bytes | None) -> np.ndarray | None:
    """What a browser sent, decoded in a worker: it may be anything. `None` where it is blank."""
    strokes = None if drawing is None else worker.call(read_strokes, drawing)
    return strokes if strokes is not None and strokes.any() else None
