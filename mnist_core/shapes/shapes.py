"""`Shapes`: what was measured of many images, and `take`, which measures them all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.shapes.measure import Measure

_BLOCK = 200
"""Images measured at a time: few enough for their floats to stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """Measures of images; read-only.

    Attributes:
        values: Of each measure, by its name, a number for every image, NaN without ink. `float64`,
            shape `(n,)`.
    """

    values: Mapping[str, np.ndarray]

    def __post_init__(self) -> None:
        values = {name: read_only(measured) for name, measured in self.values.items()}
        object.__setattr__(self, "values", values)

    def __len__(self) -> int:
        return len(next(iter(self.values.values())))

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    def at(self, positions: np.ndarray) -> Shapes:
        """The measures of some of the images. Integers, shape `(k,)`."""
        return Shapes({name: measured[positions] for name, measured in self.values.items()})


def take(measures: Sequence[Measure], images: np.ndarray) -> Shapes:
    """Take some measures of each image by itself.

    Args:
        measures: One or more.
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`.
    """
    values = {measure.name: np.full(len(images), np.nan) for measure in measures}
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK]
        inked = np.flatnonzero(block.any(axis=(1, 2)))
        levels = block[inked].astype(np.float32)
        for measure in measures:
            values[measure.name][start + inked] = measure.of(levels)
    return Shapes(values)
