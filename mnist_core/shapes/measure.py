"""`Measure`: one number that tells something of an image's ink, and the words for more and less."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Measure:
    """One number of an image.

    Attributes:
        name: What it is called, in `MEASURES` and by the analyst.
        of: Takes images that all have ink, grey levels 0–255, `float32` `(n, 28, 28)`; gives
            numbers of shape `(n,)`, NaN where an image has none.
        more: What images with more of it are said to do, e.g. `are wider`.
        less: What those with less of it are said to do.
        unit: Behind a number, with the space before it.
        decimals: With which a number is written.
        of_strokes: Whether it means something of written characters alone.
    """

    name: str
    of: Callable[[np.ndarray], np.ndarray]
    more: str
    less: str
    unit: str = " px"
    decimals: int = 0
    of_strokes: bool = False
