"""What the cells of a confusion matrix say, wherever it is drawn."""

from typing import Literal, cast

import numpy as np

from mnist_core.formatting import decimals, hundredths

Shown = Literal["counts", "share", "predicted", "mistakes"]
"""What cells say: images, % of the true class, % of the predicted class, or images off the
diagonal."""


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


def is_share(shown: Shown) -> bool:
    """Whether cells say shares, not images."""
    return shown in ("share", "predicted")
