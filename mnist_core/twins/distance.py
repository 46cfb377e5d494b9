"""How far two images are apart, and from when they count as twins.

One image is held against the other as it lies and moved by one pixel in each of eight directions,
over the pixels that both then have: a shift alone leaves no difference, whatever lies at the edge.
The distance is the root mean square of the differences of grey levels, the smallest of the nine.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mnist_core.image_size import SIDE

MOST_APART = 8.0
"""Grey levels by which twins differ at most: noise of 8 levels stays below it."""

MOST_OF_CONTRAST = 0.35
"""Share of the images' own contrast (standard deviation) that the difference has at most.

Without it, pictures so faint that all of them differ by less than `MOST_APART` would be twins.
"""


class Shift(NamedTuple):
    """Pixels by which the first image lies lower and further right, −1 to 1."""

    down: int
    right: int

    def window(self, images: np.ndarray) -> np.ndarray:
        """What the first image has in common with the second. `(n, 28 or 27, 28 or 27)`."""
        rows, columns = (slice(max(by, 0), SIDE + min(by, 0)) for by in self)
        return images[:, rows, columns]

    @property
    def n_pixels(self) -> int:
        """Pixels that both images have."""
        return (SIDE - abs(self.down)) * (SIDE - abs(self.right))

    @property
    def back(self) -> Shift:
        """Which gives the window of the second image."""
        return Shift(-self.down, -self.right)


SHIFTS = tuple(
    sorted(
        (Shift(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)),
        key=lambda s: s != (0, 0),
    )
)
"""All nine, none first: of equal distances it wins."""


def distances(images: np.ndarray, others: np.ndarray, shift: Shift) -> np.ndarray:
    """How far each image is from the other beside it under one shift, where they are twins.

    Args:
        images: Grey levels 0–255. `uint8`, shape `(n, 28, 28)`.
        others: Likewise.
        shift: By which the first ones are moved.

    Returns:
        Root mean square of the differences, 0–`MOST_APART`, infinite where these two are no twins.
        `float64`, shape `(n,)`.
    """
    first = shift.window(images).reshape(len(images), -1).astype(np.int32)
    second = shift.back.window(others).reshape(len(others), -1).astype(np.int32)
    squares = ((first - second) ** 2).sum(axis=1) / shift.n_pixels
    contrast = (first.var(axis=1) + second.var(axis=1)) / 2
    are_twins = (squares <= MOST_APART**2) & (squares <= MOST_OF_CONTRAST**2 * contrast)
    return np.where(are_twins, np.sqrt(squares), np.inf)
