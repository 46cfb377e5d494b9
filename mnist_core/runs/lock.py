"""The lock that a process holds on a run while it trains it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mnist_core.errors import RunError
from mnist_core.files.safe_files import open_regular


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Hold the run's lock, which the system releases when the process ends, however it ends.

    Raises:
        RunError: Another process holds it, or the folder cannot be written to.
    """
    try:
        descriptor = open_regular(folder / ".lock", os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise RunError(
            f"Expected to write to the run {folder.name}. Received: {error.strerror}. "
            "Name a writable folder in MNIST_LENS_MODELS."
        ) from error
    try:
        try:
            _lock(descriptor)
        except BlockingIOError as error:
            raise RunError(
                f"Expected the run {folder.name} to be free. Received: another process is training "
                "it. Wait for it to end, or choose another --name."
            ) from error
        yield
    finally:
        os.close(descriptor)


def is_in_use(folder: Path) -> bool:
    """Whether a living process trains the run.

    Raises:
        FileRefusedError: Its lock is no regular file, or leads elsewhere.
        OSError: It may not be read.
    """
    try:
        descriptor = open_regular(folder / ".lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        # The shared lock is free when nobody trains, and readers do not disturb each other.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int, seconds: float = 1.0) -> None:
    """Take the lock; a reader who looks whether it is free holds it for a moment."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
