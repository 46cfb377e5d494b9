"""`OwnDigits`: digits that somebody drew or photographed, with their labels as far as known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.image_size import SHAPE

UNKNOWN = -1
"""The label of a digit that nobody has labelled yet."""

MOST_DIGITS = 10_000
"""Of a set; more are a data set, for `mnist-lens data add`."""


@dataclass(frozen=True, eq=False)
class OwnDigits:
    """Digits one after the other; all arrays are read-only.

    Attributes:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`.
        labels: True class of each, or `UNKNOWN`. `int64`, shape `(n,)`.
        names: What each is called, such as its file. `str_`, shape `(n,)`.
    """

    images: np.ndarray
    labels: np.ndarray
    names: np.ndarray

    def __post_init__(self) -> None:
        for name in ("images", "labels", "names"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.images)

    @property
    def labelled(self) -> np.ndarray:
        """Where the digits with a label lie, ascending. `int64`, shape `(k,)`."""
        return np.flatnonzero(self.labels != UNKNOWN)

    def at(self, positions: np.ndarray) -> OwnDigits:
        """Those at some positions, in their order. Integers, shape `(k,)`."""
        return OwnDigits(self.images[positions], self.labels[positions], self.names[positions])

    def without(self, positions: Iterable[int]) -> OwnDigits:
        """All but those at some positions."""
        return self.at(np.setdiff1d(np.arange(len(self)), np.fromiter(positions, np.int64)))

    def joined(self, others: OwnDigits) -> OwnDigits:
        """These, then others."""
        return OwnDigits(
            np.concatenate([self.images, others.images]),
            np.concatenate([self.labels, others.labels]),
            np.concatenate([self.names, others.names]),
        )

    def labelled_as(self, label: int, positions: Iterable[int]) -> OwnDigits:
        """With the label of those at some positions changed; it may be `UNKNOWN`."""
        labels = self.labels.copy()
        labels[np.fromiter(positions, np.int64)] = label
        return replace(self, labels=labels)

    def place_of(self, image: np.ndarray, name: str) -> int | None:
        """Where an image of that name lies; `None` where it is not among these."""
        same = (self.names == name) & (self.images == image).all(axis=(1, 2))
        places = np.flatnonzero(same)
        return int(places[0]) if len(places) else None


NO_DIGITS = OwnDigits(np.empty((0, *SHAPE), np.uint8), np.empty(0, np.int64), np.empty(0, "U1"))


def one_digit(image: np.ndarray, label: int, name: str) -> OwnDigits:
    """A single digit. `uint8`, shape `(28, 28)`; its class or `UNKNOWN`; what it is called."""
    return OwnDigits(image[None].copy(), np.array([label]), np.array([name]))
