"""What the cells of a confusion matrix say and how full their colour is, wherever it is drawn."""

from typing import Literal, cast

import numpy as np

from mnist_core.formatting import decimals, hundredths

Shown = Literal["counts", "share", "predicted", "mistakes"]
"""What cells say: images, % of the true class, % of the predicted class, or images off the
diagonal."""

_SMALLEST_SHARE = 0.001
"""Where the logarithm of a share begins to rise, as that of a count does at one image."""


def shown_in(cells: str) -> Shown:
    """What a figure shows for a choice of the page, where cells may also be pictures."""
    return "mistakes" if cells == "pictures" else cast(Shown, cells)


def cell_values(matrix: np.ndarray, shown: Shown) -> np.ndarray:
    """What is shown of every cell: images, or a share, 0–1. `float64`, square.

    Args:
        matrix: Images by true class (rows) and predicted class (columns). Integers, square.
        shown: What cells say.
    """
    values = matrix.astype(np.float64)
    if shown == "mistakes":
        np.fill_diagonal(values, 0)
    if shown == "share":
        values /= np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    if shown == "predicted":
        values /= np.maximum(matrix.sum(axis=0, keepdims=True), 1)
    return values


def cell_texts(matrix: np.ndarray, shown: Shown, places: int | None = None) -> list[list[str]]:
    """What every cell says, row by row; shares in % without the sign, nothing for nothing.

    Args:
        matrix: Images by true class (rows) and predicted class (columns). Integers, square.
        shown: What cells say.
        places: Decimals of shares; by default the most that any of them needs.
    """
    values = cell_values(matrix, shown)
    if is_share(shown):
        places = decimals(values.flat) if places is None else places
        return [[hundredths(share, places) if share else "" for share in row] for row in values]
    return [[f"{int(count):,}" if count else "" for count in row] for row in values]


def cell_levels(
    values: np.ndarray, shown: Shown, *, logarithmic: bool, most: float | None = None
) -> np.ndarray:
    """How full the colour of each value is, 0–1. `float64`, of the values' shape.

    Args:
        values: See `cell_values`.
        shown: What they are.
        logarithmic: Whether colours follow the logarithm.
        most: What the fullest colour stands for; the largest value by default.
    """
    most = max(float(values.max()) if most is None else most, 1e-9)
    if not logarithmic:
        return values / most
    unit = _SMALLEST_SHARE if is_share(shown) else 1
    return np.log1p(values / unit) / np.log1p(most / unit)


def is_share(shown: Shown) -> bool:
    """Whether cells say shares, not images."""
    return shown in ("share", "predicted")
