"""`Nearest`: the best twin so far of each image, while they are looked for."""

from __future__ import annotations

import hashlib

import numpy as np

from mnist_core.datasets import Split
from mnist_core.twins.distance import Shift, distances
from mnist_core.twins.found import MOST_LISTED, Twins

_AT_ONCE = 5_000


class Nearest:
    """The nearest twin of each image; one of another class before all others.

    Attributes:
        apart: Grey levels by which image and twin differ, infinite without. `float64`, `(n,)`.
    """

    def __init__(self, split: Split, other: Split) -> None:
        """Nothing is found yet."""
        self._split, self._other = split, other
        self.apart = np.full(len(split), np.inf)
        self._is_unlike = np.zeros(len(split), bool)
        self._others = np.zeros(len(split), np.int64)
        self._shifts = np.zeros((len(split), 2), np.int64)

    def see_same(self) -> None:
        """Find the images that are the same in every pixel, by a hash of them."""
        places: dict[bytes, dict[int, int]] = {}
        for place, image in enumerate(self._other.images):
            of_label = places.setdefault(_digest(image), {})
            of_label.setdefault(int(self._other.labels[place]), place)
        for position, image in enumerate(self._split.images):
            label = int(self._split.labels[position])
            same = places.get(_digest(image), {})
            unlike = [place for other, place in same.items() if other != label]
            if same:
                self.apart[position] = 0
                self._is_unlike[position] = bool(unlike)
                self._others[position] = unlike[0] if unlike else same[label]

    def see(self, positions: np.ndarray, others: np.ndarray, shift: Shift) -> None:
        """Hold pairs against each other and keep what is better than before.

        Args:
            positions: Of the images. Integers, shape `(k,)`.
            others: Of what may be their twins.
            shift: By which the images are moved.
        """
        for start in range(0, len(positions), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            self._see(positions[some], others[some], shift)

    def twins(self) -> Twins:
        """What was found."""
        split, other = self._split, self._other
        has_twin = np.isfinite(self.apart)
        positions = np.flatnonzero(has_twin)
        order = np.lexsort((self.apart[positions], ~self._is_unlike[positions]))
        positions = positions[order][:MOST_LISTED]
        others = self._others[positions]
        return Twins(
            split=split.name,
            other=other.name,
            n=len(split),
            n_same=int(((self.apart == 0) & ~self._shifts.any(axis=1)).sum()),
            n_twins=int(has_twin.sum()),
            n_unlike=int(self._is_unlike.sum()),
            positions=positions,
            others=others,
            labels=split.labels[positions],
            other_labels=other.labels[others],
            apart=self.apart[positions],
            shifts=self._shifts[positions],
            images=split.images[positions],
            other_images=other.images[others],
        )

    def _see(self, positions: np.ndarray, others: np.ndarray, shift: Shift) -> None:
        apart = distances(self._split.images[positions], self._other.images[others], shift)
        is_unlike = self._split.labels[positions] != self._other.labels[others]
        are_twins = np.isfinite(apart)
        order = np.lexsort((apart, ~is_unlike))
        for which in order[are_twins[order]]:
            position = positions[which]
            before = (not self._is_unlike[position], self.apart[position])
            if (not is_unlike[which], apart[which]) < before:
                self._is_unlike[position] = is_unlike[which]
                self.apart[position] = apart[which]
                self._others[position] = others[which]
                self._shifts[position] = shift


def _digest(image: np.ndarray) -> bytes:
    return hashlib.blake2b(image.tobytes(), digest_size=16).digest()
