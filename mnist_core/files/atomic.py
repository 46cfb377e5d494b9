"""Files that are written whole or not at all, however the process ends."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a dot-file beside `path` to write to; it takes `path`'s place when the block ends well.

    The dot-file keeps `path`'s suffix, which some writers demand. A reader sees the old file or
    the new one, never a part of it; if the block raises, the old one stays and the dot-file goes.

    Raises:
        OSError: The folder cannot be written to.
    """
    part = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(part, path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Replace the file at `path` by `content`, whole or not at all."""
    with replacing(path) as part:
        part.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Replace the file at `path` by `content` as UTF-8, whole or not at all."""
    write_bytes(path, content.encode())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
