"""Where on a digit the pixels lie that speak for one class or the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from mnist_core.image_size import SHAPE

ENOUGH = 0.5
"""Share of what pulls one way that a part must hold to be named alone."""

_ROWS, _COLUMNS = ("top", "middle", "bottom"), ("left", "middle", "right")
_Part = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Whereabouts:
    """Where one side of a map lies on its digit.

    Attributes:
        total: What its pixels add up to, without sign, ≥ 0.
        part: The smallest part of the digit that holds at least half of it, e.g. `top right` or
            `upper part of the left column`; where none does, the four fields that hold most.
        share: What this part holds of it, 0–1; 0 where `total` is 0.
        on_ink: What lies where there is ink, 0–1; 0 where `total` is 0.
    """

    total: float
    part: str
    share: float
    on_ink: float


def whereabouts(values: np.ndarray, image: np.ndarray) -> tuple[Whereabouts, Whereabouts]:
    """Where the positive pixels of a map lie, and where the negative ones.

    The box around the digit's ink is cut into three rows and three columns; what lies outside it
    counts with the nearest of these. Parts are one of the nine fields, two that touch, a row or a
    column, or four that touch; the smaller ones are tried first.

    Args:
        values: The map, floats, shape `(28, 28)`.
        image: Its digit, grey levels 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
    """
    fields = _fields(image)
    positive, negative = np.maximum(values, 0), np.maximum(-values, 0)
    return _side(positive, image, fields), _side(negative, image, fields)


def _side(amounts: np.ndarray, image: np.ndarray, fields: np.ndarray) -> Whereabouts:
    total = float(amounts.sum(dtype=np.float64))
    if total == 0:
        return Whereabouts(0.0, "nowhere", 0.0, 0.0)
    held = np.bincount(fields.ravel(), amounts.ravel().astype(np.float64), minlength=9) / total
    name, share = _smallest(held.reshape(3, 3))
    return Whereabouts(total, name, share, float(amounts[image > 0].sum(dtype=np.float64) / total))


def _fields(image: np.ndarray) -> np.ndarray:
    """Number of the field of every pixel, 0 to 8 from the top left. `int64`, shape `(28, 28)`."""
    thirds = []
    for side, across in zip(SHAPE, (1, 0), strict=True):
        inked = np.flatnonzero(image.any(axis=across))
        low, high = (inked[0], inked[-1] + 1) if inked.size else (0, side)
        cuts = low + (high - low) * np.array([1, 2]) / 3
        thirds.append(np.searchsorted(cuts, np.arange(side) + 0.5))
    return 3 * thirds[0][:, None] + thirds[1][None, :]


def _smallest(held: np.ndarray) -> tuple[str, float]:
    best = ("", 0.0)
    for parts in _PARTS_BY_SIZE:
        shares = {part: float(held[np.ix_(*part)].sum()) for part in parts}
        part = max(shares, key=shares.__getitem__)
        best = (_name(part), min(shares[part], 1.0))
        if best[1] >= ENOUGH:
            break
    return best


def _parts(height: int, width: int) -> list[_Part]:
    rows = [tuple(range(start, start + height)) for start in range(4 - height)]
    columns = [tuple(range(start, start + width)) for start in range(4 - width)]
    return list(product(rows, columns))


_PARTS_BY_SIZE = (
    _parts(1, 1),
    _parts(1, 2) + _parts(2, 1),
    _parts(1, 3) + _parts(3, 1),
    _parts(2, 2),
)


def _name(part: _Part) -> str:
    rows, columns = part
    row, column = _ROWS[rows[0]], _COLUMNS[columns[0]]
    upper = "upper" if rows[0] == 0 else "lower"
    left = "left" if columns[0] == 0 else "right"
    match len(rows), len(columns):
        case 1, 1:
            return "middle" if row == column else f"{row} {column}"
        case 1, 2:
            return f"{left} part of the {row} row"
        case 2, 1:
            return f"{upper} part of the {column} column"
        case 1, _:
            return f"{row} row"
        case _, 1:
            return f"{column} column"
        case _:
            return f"{upper} {left}"
