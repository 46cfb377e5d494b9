"""The search for twins: all pairs by a lower bound of their distance, the few left in full.

No two images are nearer than a few weighted sums of their pixels say; the sums in which images
differ most, their principal components, leave a handful of billions of pairs. The bound misses none
(as in C. Faloutsos, M. Ranganathan, Y. Manolopoulos, "Fast subsequence matching", 1994).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from mnist_core.datasets import Split
from mnist_core.image_size import SHAPE
from mnist_core.twins.distance import MOST_APART, SHIFTS, Shift
from mnist_core.twins.found import Twins
from mnist_core.twins.nearest import Nearest

OnProgress = Callable[[int, int], None]

N_SUMS = 32
_SAMPLE = 3_000
_ROWS, _COLUMNS = 500, 5_000
_AT_ONCE = 2_000
_LEVELS = 255
_ROUNDING = 1.01
MOST_CHECKED = 50
"""Pairs held against each other in full of each image, shift and block of 5,000: those nearest by
the bound. There are more only where so many images are nearly the same."""


def find_twins(split: Split, other: Split, *, on_progress: OnProgress | None = None) -> Twins:
    """Look up a twin of every image of one split in another.

    MNIST's 70,000 images take 8 s on two cores, and 50 MB beside them.

    Args:
        split: Whose images are looked up: those that models are tested on.
        other: Where: those that models learned on.
        on_progress: Called several times a second with steps done and in all; what it raises ends
            the search.
    """
    nearest = Nearest(split, other)
    nearest.see_same()
    todo = np.flatnonzero(np.isinf(nearest.apart))
    blocks = [todo[start : start + _ROWS] for start in range(0, len(todo), _ROWS)]
    sums = _leading_sums(split.images, other.images)
    steps = list(product(SHIFTS, range(0, len(other), _COLUMNS)))
    for step, (shift, start) in enumerate(steps):
        there = _summed(other.images[start : start + _COLUMNS], shift.back, sums)
        for place, block in enumerate(blocks):
            if on_progress is not None:
                on_progress(step * len(blocks) + place, len(steps) * len(blocks))
            rows, columns = _within_bound(_summed(split.images[block], shift, sums), there, shift)
            nearest.see(block[rows], start + columns, shift)
    return nearest.twins()


def _leading_sums(*images: np.ndarray) -> np.ndarray:
    """The weights of the sums, each of length 1 and at right angles. `float32`, `(784, N_SUMS)`."""
    some = np.concatenate([part[:: -(-len(part) // _SAMPLE)] for part in images])
    pixels = some.reshape(len(some), -1).astype(np.float32) / _LEVELS
    _, vectors = np.linalg.eigh(pixels.T @ pixels)
    return np.ascontiguousarray(vectors[:, -N_SUMS:], np.float32)


def _summed(images: np.ndarray, shift: Shift, sums: np.ndarray) -> np.ndarray:
    """The sums of each image's window, in one corner of an image. `float32`, `(n, N_SUMS)`."""
    found = np.empty((len(images), sums.shape[1]), np.float32)
    for start in range(0, len(images), _AT_ONCE):
        window = shift.window(images[start : start + _AT_ONCE])
        pixels = np.zeros((len(window), *SHAPE), np.float32)
        pixels[:, : window.shape[1], : window.shape[2]] = window
        found[start : start + len(window)] = pixels.reshape(len(window), -1) @ sums
    return found / _LEVELS


def _within_bound(
    sums: np.ndarray, others: np.ndarray, shift: Shift
) -> tuple[np.ndarray, np.ndarray]:
    """Which pairs the bound leaves, as places in both: of each row `MOST_CHECKED` at most.

    ‖a − b‖² ≤ t where a·b − ‖a‖²/2 − ‖b‖²/2 ≥ −t/2: one product of matrices says it of all.
    """
    most = shift.n_pixels * (MOST_APART / _LEVELS) ** 2 * _ROUNDING
    left = np.column_stack([sums, most / 2 - (sums**2).sum(axis=1) / 2, np.ones(len(sums))])
    right = np.column_stack([others, np.ones(len(others)), -(others**2).sum(axis=1) / 2])
    closeness = left.astype(np.float32) @ right.astype(np.float32).T
    rows, columns = np.divmod(np.flatnonzero(closeness >= 0), len(others))
    if len(rows) == 0 or np.bincount(rows).max() <= MOST_CHECKED:
        return rows, columns
    order = np.lexsort((-closeness[rows, columns], rows))
    rows, columns = rows[order], columns[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    return rows[rank < MOST_CHECKED], columns[rank < MOST_CHECKED]
