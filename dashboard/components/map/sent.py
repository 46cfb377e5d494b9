"""What a browser's map has sent, checked: it can be anything."""

from typing import Any

import numpy as np

from mnist_core.errors import SetError

MOST_DIGITS = 400
"""Images that are asked for at a time."""

MOST_CORNERS = 500
"""Of a region that was drawn."""


def image_sent(value: Any, n_images: int) -> int:
    """The position of an image.

    Raises:
        SetError: It is none.
    """
    if not _is_position(value, n_images):
        raise _odd("the number of an image", value)
    return int(value)


def digits_sent(value: Any, n_images: int) -> np.ndarray:
    """Positions of images. `int64`, shape `(k,)`, k ≤ `MOST_DIGITS`.

    Raises:
        SetError: Any of them is none, or there are too many.
    """
    if not isinstance(value, list) or len(value) > MOST_DIGITS:
        raise _odd(f"at most {MOST_DIGITS} numbers of images", value)
    return np.array([image_sent(one, n_images) for one in value], np.int64)


def outline_sent(value: Any) -> np.ndarray:
    """The corners of a region on the square that points lie on, 0–1 each way; they may lie beyond.

    Returns:
        `float64`, shape `(k, 2)`, 3 ≤ k ≤ `MOST_CORNERS`, −1,000 to 1,000.

    Raises:
        SetError: It is none.
    """
    expected = f"a region of 3 to {MOST_CORNERS} corners"
    if not isinstance(value, list) or not 3 <= len(value) <= MOST_CORNERS:
        raise _odd(expected, value)
    for corner in value:
        if not isinstance(corner, list) or len(corner) != 2 or not all(map(_is_place, corner)):
            raise _odd(expected, corner)
    return np.array(value, np.float64)


def _is_position(value: Any, n_images: int) -> bool:
    return type(value) is int and 0 <= value < n_images


def _is_place(value: Any) -> bool:
    return type(value) in (int, float) and -1_000 <= value <= 1_000  # NaN is neither


def _odd(expected: str, value: Any) -> SetError:
    kind = f"{len(value):,} of them" if isinstance(value, list) else type(value).__name__
    return SetError(f"Expected {expected} from the map. Received: {kind}. Reload the page.")
