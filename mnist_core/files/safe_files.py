"""The one door to untrusted files: only regular ones of limited size are opened."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from mnist_core.errors import FileRefusedError
from mnist_core.formatting import visible

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
}


@contextmanager
def opened(path: Path, *, most_bytes: int) -> Iterator[BufferedReader]:
    """Open a regular file to read, without waiting for it or following a link out of its folder.

    Args:
        path: The file, or a link to one in the same folder or beneath it.
        most_bytes: Larger files are refused before anything is read.

    Raises:
        FileRefusedError: It is a pipe, device or folder, leads elsewhere, or is too large.
        OSError: It is not there, or may not be read.
    """
    with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > most_bytes:
            raise FileRefusedError(
                f"Expected at most {most_bytes:,} bytes in {_named(path)}. Received: {size:,}. Put "
                "a smaller file there."
            )
        yield file


def read_bytes(path: Path, *, most_bytes: int) -> bytes:
    """The whole content of a regular file (see `opened`, which says what it raises)."""
    with opened(path, most_bytes=most_bytes) as file:
        # It may have grown since its size was looked at.
        return file.read(most_bytes)


def open_regular(path: Path, flags: int) -> int:
    """Open a regular file as `os.open` does, never waiting and never following a link elsewhere.

    Raises:
        FileRefusedError: It is none, or leads out of its folder.
        OSError: It cannot be opened.
    """
    target = _within_its_folder(path)
    if os.path.lexists(target):  # opening a device can do more than open it
        _check_kind(path, os.lstat(target).st_mode)
    # Without O_NONBLOCK a pipe is waited for until somebody writes to it.
    descriptor = os.open(target, flags | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        _check_kind(path, os.fstat(descriptor).st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def check_regular(path: Path) -> None:
    """Refuse what `opened` would refuse of a file that another library opens by its name.

    Raises:
        FileRefusedError: It is no regular file, or leads out of its folder.
        OSError: It is not there, or its folder may not be read.
    """
    _check_kind(path, os.lstat(_within_its_folder(path)).st_mode)


def is_regular(path: Path) -> bool:
    """Whether `opened` would open it, however large it is."""
    try:
        check_regular(path)
    except (OSError, FileRefusedError):
        return False
    return True


def _within_its_folder(path: Path) -> Path:
    """The path itself, or what it links to within its folder."""
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(os.path.realpath(path.parent)):
        raise FileRefusedError(
            f"Expected a regular file as {_named(path)}. Received: a link that leads out of the "
            "folder. Put the file itself there."
        )
    return target


def _check_kind(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise FileRefusedError(
            f"Expected a regular file as {_named(path)}. Received: {kind}. Put a file there."
        )


def _named(path: Path) -> str:
    return visible(f"{path.name} in {path.parent.name}")
