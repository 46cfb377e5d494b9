"""Principal components: the directions along which points spread most (Pearson 1901)."""

import numpy as np

MOST_AT_ONCE = 4_000_000
"""Numbers that are held in double precision at once."""


def pca(seen: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
    """Points along their two first principal components.

    Signs are those of scikit-learn: of each direction the largest part is positive.

    Args:
        seen: `float32`, shape `(n, d)`, n ≥ 1, d ≥ 1, all finite.

    Returns:
        The points, `float32`, shape `(n, 2)`, and the share of the variance along each axis, 0–1;
        where points do not spread, or lie on a line, 0.
    """
    mean, along, variances, total = _spread(seen, 2)
    points = np.zeros((len(seen), 2), np.float32)
    for rows in _slices(seen):
        points[rows, : along.shape[1]] = (seen[rows] - mean) @ along
    shares = [*(variances / total if total > 0 else np.zeros_like(variances)), 0.0, 0.0]
    return points, (float(shares[0]), float(shares[1]))


def directions(seen: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean of points and the directions along which they spread most, the first k of them.

    Args:
        seen: `float32`, shape `(n, d)`.
        k: At most n and d.

    Returns:
        Mean, `float32`, shape `(d,)`, and orthonormal columns, `float32`, shape `(d, k)`.
    """
    mean, along, _, _ = _spread(seen, k)
    return mean.astype(np.float32), along.astype(np.float32)


def _spread(seen: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Mean, the first k directions as columns, the variances along them, and that of all."""
    n, d = seen.shape
    mean = seen.mean(axis=0, dtype=np.float64)
    if d <= n:
        squares = np.zeros((d, d))
        for rows in _slices(seen):
            centred = seen[rows] - mean
            squares += centred.T @ centred
        values, columns = np.linalg.eigh(squares)
    else:
        centred = seen - mean
        values, inner = np.linalg.eigh(centred @ centred.T)
        columns = centred.T @ inner
        columns /= np.maximum(np.linalg.norm(columns, axis=0), np.finfo(float).tiny)
    order = np.argsort(values)[::-1][:k]
    columns = columns[:, order]
    largest = np.abs(columns).argmax(axis=0)
    signs = np.where(columns[largest, np.arange(len(order))] < 0, -1.0, 1.0)
    values = np.maximum(values, 0)
    return mean, columns * signs, values[order], float(values.sum())


def _slices(seen: np.ndarray) -> list[slice]:
    size = max(1, MOST_AT_ONCE // seen.shape[1])
    return [slice(start, start + size) for start in range(0, len(seen), size)]
