"""Arrays in the cache folder: what cannot be read or written there is only computed again."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from mnist_core import atomic
from mnist_core.damage import READING_ERRORS

MOST_BYTES = 2 * 1024**3
"""What `prune` leaves."""
_PRUNED = ("embeddings", "explanations", "predictions")
_NAME = re.compile(r"\.?([\w-]+-)?[0-9a-f]{64}-[0-9a-f]{64}(-\d+)?(\.[0-9a-f]{8})?\.np[yz]")
"""Two fingerprints and what else tells files apart; with dots, what a kill left half-written."""


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


def prune(cache: Path, *, most_bytes: int = MOST_BYTES) -> None:
    """Delete what was used longest ago, as far as the file system knows, until the rest fits.

    Cross-validation, which takes minutes, stays, as does what other programs have put there.

    Args:
        cache: The cache folder.
        most_bytes: What the rest may take.
    """
    found = [used for folder in _PRUNED for used in _last_used(cache / folder)]
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= most_bytes:
            return
        with suppress(OSError):  # what cannot be deleted still counts
            path.unlink(missing_ok=True)
            total -= size


def _last_used(folder: Path) -> list[tuple[float, int, Path]]:
    """When each of our files was last used, in seconds, its bytes and its path."""
    try:
        ours = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []  # it is not there, or cannot be read
    found = []
    for path in ours:
        with suppress(OSError):  # another process has put it away meanwhile
            status = path.lstat()
            found.append((max(status.st_atime, status.st_mtime), status.st_size, path))
    return found
