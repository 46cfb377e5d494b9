"""The files of the cache folder: what is not as it should be there is only computed again."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.errors import FileRefusedError
from mnist_core.files import atomic, safe_files, zip_files
from mnist_core.files.damage import READING_ERRORS

MOST_BYTES = 2 * 1024**3
"""What `prune` leaves."""
MOST_BYTES_OF_PICKS = 64 * 1024**2
_NAME = re.compile(
    r"\.?(([\w-]+-)?[0-9a-f]{64}-[0-9a-f]{64}(-\d+)?|images-[0-9a-f]{12})(\.[0-9a-f]{8})?\.np[yz]"
)
"""Two fingerprints and what else tells files apart; with dots, what a kill left half-written."""


@dataclass(frozen=True)
class Expected:
    """What an array must be to be served from the cache; numbers must be finite as well.

    Attributes:
        dtype: Its dtype.
        shape: Its shape, with None where any length will do.
    """

    dtype: type[np.generic]
    shape: tuple[int | None, ...]

    def fits(self, array: np.ndarray) -> bool:
        """Whether the array is as described."""
        lengths = zip(self.shape, array.shape, strict=False)
        return (
            array.dtype == self.dtype
            and array.ndim == len(self.shape)
            and all(expected in (None, length) for expected, length in lengths)
            and bool(np.isfinite(array).all())
        )


@dataclass(frozen=True)
class CacheFiles:
    """The files of one kind: how they are named, written, checked and pruned.

    A file is an archive of named arrays, each with a checksum (CRC-32) that reading checks.

    Attributes:
        kind: Name of their folder in the cache folder.
        stays: Whether `prune` leaves them, because they take minutes.
        own_bytes: What `prune` leaves of them, where they cannot be computed again and therefore
            do not make room for what can; `None` where they share its bound.
        largest: Bytes that a file may have, as it lies there and unpacked.
        is_compressed: Whether they are packed.
    """

    kind: str
    stays: bool = False
    own_bytes: int | None = None
    largest: int = MOST_BYTES
    is_compressed: bool = False

    def path(self, cache: Path, *key: str) -> Path:
        """Where the file lies that these fingerprints and words tell apart."""
        return cache / self.kind / f"{'-'.join(key)}.npz"

    def read(
        self, cache: Path, *key: str, expected: Mapping[str, Expected]
    ) -> dict[str, np.ndarray] | None:
        """The arrays of a file; `None` where it is not there, damaged, or other than expected.

        Args:
            cache: The cache folder.
            key: See `path`.
            expected: What each array must be.
        """
        try:
            with safe_files.opened(self.path(cache, *key), most_bytes=self.largest) as file:
                zip_files.check(file, most_bytes=self.largest)
                with np.load(file, allow_pickle=False) as stored:
                    # A zip file is also read behind other bytes, which no checksum covers.
                    if min(entry.header_offset for entry in stored.zip.infolist()) != 0:
                        return None
                    arrays = {name: stored[name] for name in expected}
        except (*READING_ERRORS, KeyError, FileRefusedError):
            return None
        fit = all(described.fits(arrays[name]) for name, described in expected.items())
        return arrays if fit else None

    def write(self, cache: Path, *key: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write a file whole or not at all; a folder that cannot be written to is passed over."""
        save = np.savez_compressed if self.is_compressed else np.savez
        store(self.path(cache, *key), lambda part: save(part, allow_pickle=False, **arrays))

    def prune(self, cache: Path) -> None:
        """Delete what was used longest ago until the rest fits into `own_bytes`, if it has any."""
        if self.own_bytes is not None:
            _prune(self.last_used(cache), self.own_bytes)

    def last_used(self, cache: Path) -> list[tuple[float, int, Path]]:
        """When each file was last used, in seconds, its bytes and its path; only files of ours."""
        try:
            paths = list((cache / self.kind).iterdir())
        except OSError:
            return []  # it is not there, or cannot be read
        found = []
        for path in paths:
            if _NAME.fullmatch(path.name):
                with suppress(OSError):  # another process has deleted it meanwhile
                    status = path.lstat()
                    used = max(status.st_atime, status.st_mtime)
                    found.append((used, status.st_size, path))
        return found


PREDICTIONS = CacheFiles("predictions")
EMBEDDINGS = CacheFiles("embeddings")
EXPLANATIONS = CacheFiles("explanations", is_compressed=True)
FOLDS = CacheFiles("cross-validation", stays=True)
PICKS = CacheFiles("picks", own_bytes=MOST_BYTES_OF_PICKS, largest=9_000_000, is_compressed=True)
SEEN = CacheFiles("seen")
MAPS = CacheFiles("maps")
EFFECTS = CacheFiles("effects")
TWINS = CacheFiles("twins")
KINDS = (PREDICTIONS, EMBEDDINGS, EXPLANATIONS, FOLDS, PICKS, SEEN, MAPS, EFFECTS, TWINS)


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

    Cross-validation, which takes minutes, stays, as does what other programs have put there. Picks,
    which nobody can compute again, have a bound of their own.

    Args:
        cache: The cache folder.
        most_bytes: What the rest may take.
    """
    shared = [files for files in KINDS if not files.stays and files.own_bytes is None]
    _prune([used for files in shared for used in files.last_used(cache)], most_bytes)
    for files in KINDS:
        files.prune(cache)


def _prune(found: list[tuple[float, int, Path]], most_bytes: int) -> None:
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= most_bytes:
            return
        with suppress(OSError):  # what cannot be deleted still counts
            path.unlink(missing_ok=True)
            total -= size
