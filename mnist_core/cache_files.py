"""Arrays in the cache folder: what cannot be read or written there is only computed again."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from mnist_core import atomic
from mnist_core.damage import READING_ERRORS

MOST_BYTES = 2 * 1024**3
"""What `prune` leaves."""
PRUNED = ("embeddings", "explanations", "predictions")
"""Folders of what is soon computed again; cross-validation takes minutes and stays."""


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


def prune(cache: Path, most_bytes: int = MOST_BYTES) -> None:
    """Delete what was used longest ago, as far as the file system knows, until the rest fits.

    Args:
        cache: The cache folder; what is not ours in it is neither counted nor touched.
        most_bytes: What may stay.
    """
    found: list[tuple[float, int, Path]] = []
    for path in (path for folder in PRUNED for path in (cache / folder).glob("*.np[yz]")):
        with suppress(FileNotFoundError):  # another process has put it away
            status = path.stat()
            found.append((max(status.st_atime, status.st_mtime), status.st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= most_bytes:
            return
        with suppress(OSError):  # a folder that cannot be written to is left as it is
            path.unlink(missing_ok=True)
        total -= size
