"""The nearest points of every point, exactly."""

import numpy as np

MOST_DISTANCES = 20_000_000
"""Held at once, 80 MB."""


def all_neighbours(seen: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of every point by Euclidean distance, itself first.

    Args:
        seen: `float32`, shape `(n, d)`.
        k: 1 to n.

    Returns:
        Rows, `int64`, and distances, `float32`, ascending; both of shape `(n, k)`.
    """
    centred = seen - seen.mean(axis=0, dtype=np.float64).astype(np.float32)
    squares = np.einsum("ij,ij->i", centred, centred)
    rows = np.empty((len(seen), k), np.int64)
    distances = np.empty((len(seen), k), np.float32)
    step = max(1, MOST_DISTANCES // len(seen))
    for start in range(0, len(seen), step):
        block = slice(start, start + step)
        apart = squares - 2 * (centred[block] @ centred.T)  # but for what all of a row share
        places = np.arange(len(apart))
        apart[places, start + places] = -np.inf  # itself comes first, beside equal ones too
        near = np.argpartition(apart, k - 1, axis=1)[:, :k]
        exact = np.linalg.norm(centred[near] - centred[block][:, None], axis=2)
        exact[near == (start + places)[:, None]] = -1
        order = np.argsort(exact, axis=1, kind="stable")
        rows[block] = np.take_along_axis(near, order, 1)
        distances[block] = np.maximum(np.take_along_axis(exact, order, 1), 0)
    return rows, distances
