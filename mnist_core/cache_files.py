"""Arrays in the cache folder: what cannot be read or written there is only computed again."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from mnist_core import atomic
from mnist_core.damage import READING_ERRORS


def read_array(stored: Path) -> np.ndarray | None:
    """The array of a `.npy` file; `None` where it is not there or damaged."""
    try:
        with stored.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except READING_ERRORS:
        return None


def store(stored: Path, write: Callable[[Path], None]) -> None:
    """Write a file whole or not at all; a folder that cannot be written to is passed over.

    Args:
        stored: The file.
        write: Is given the path to write to.
    """
    try:
        stored.parent.mkdir(parents=True, exist_ok=True)
        with atomic.replacing(stored) as part:
            write(part)
    except OSError:
        return  # only costs time
