"""`Twins`: which images of one split have a twin in another."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from mnist_core.arrays import read_only

MOST_LISTED = 200
"""Pairs that are listed with their images; all are counted."""


@dataclass(frozen=True, eq=False)
class Twins:
    """Images of one split with a twin in another; arrays read-only.

    One pair for each: the nearest twin, one of another class before all others. Pairs whose
    classes differ come first, then the nearest.

    Attributes:
        split: Whose images were looked up.
        other: Where their twins were looked for.
        n: Images of `split`.
        n_same: Those with a twin that is the same in every pixel.
        n_twins: Those with any twin, the same ones among them.
        n_unlike: Those with a twin of another class.
        positions: Of the images of the first `MOST_LISTED` pairs in their split. `int64`, `(k,)`.
        others: Of their twins. `int64`, shape `(k,)`.
        labels: Their classes. `uint8`, shape `(k,)`.
        other_labels: Those of their twins. `uint8`, shape `(k,)`.
        apart: Grey levels by which the two differ, see `distance`. `float64`, shape `(k,)`.
        shifts: Pixels by which the image lies lower and further right than its twin, −1 to 1.
            `int64`, shape `(k, 2)`.
        images: Grey levels 0–255. `uint8`, shape `(k, 28, 28)`.
        other_images: Those of their twins. `uint8`, shape `(k, 28, 28)`.
    """

    split: str
    other: str
    n: int
    n_same: int
    n_twins: int
    n_unlike: int
    positions: np.ndarray
    others: np.ndarray
    labels: np.ndarray
    other_labels: np.ndarray
    apart: np.ndarray
    shifts: np.ndarray
    images: np.ndarray
    other_images: np.ndarray

    def __post_init__(self) -> None:
        for name in self.arrays:
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays by name."""
        return {
            field.name: value
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), np.ndarray)
        }
