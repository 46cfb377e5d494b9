"""What is on the sheet of the sketch page, as a model sees and reads it."""

import numpy as np

from dashboard.work import worker
from mnist_core.inference.read_digit import ReadDigit, read_digit
from mnist_core.inference.varying import Varied, vary
from mnist_core.pictures.variations import Variation
from mnist_core.runs import Run


def load_drawn(
    drawing: bytes | None, run: Run, epoch: int, *, on: np.ndarray | None = None
) -> ReadDigit | None:
    """What a run's model reads in what was drawn, in one call of a worker; `None` without a stroke.

    Args:
        drawing: What a browser sent; it may be anything, so it is opened in the worker.
        run: One with a model of the epoch.
        epoch: Counted from 1.
        on: The image that it was drawn on, `uint8`, shape `(28, 28)`; `None` for a blank sheet.
    """
    if drawing is None:
        return None
    return worker.call(read_digit, drawing, run.checkpoint(epoch).path, on)


def load_varied(run: Run, epoch: int, image: np.ndarray, variation: Variation) -> Varied:
    """What a run's model answers as an image is changed, in one call of a worker.

    Args:
        run: One with a model of the epoch.
        epoch: Counted from 1.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        variation: How it is changed.
    """
    return worker.call(vary, run.checkpoint(epoch).path, image, variation)
