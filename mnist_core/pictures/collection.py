"""Many pictures at once: those of a folder or of a zip archive, each by its name there."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

import numpy as np

from mnist_core.errors import FileRefusedError, SketchError
from mnist_core.files import safe_files, zip_files
from mnist_core.files.damage import READING_ERRORS, complaint
from mnist_core.formatting import visible
from mnist_core.pictures.reading import MOST_BYTES, read_picture

MOST_IN_ZIP = 65_535
"""More members need another kind of directory, which only reading it whole tells the size of."""

MOST_IN_FOLDER = 1_000_000
SUFFIXES = (".png", ".jpg", ".jpeg")

_DEEPEST = 8
_ENCRYPTED = 1
_NO_PICTURES = ("__MACOSX", "Thumbs.db")


@dataclass(frozen=True, eq=False)
class Collection:
    """Pictures by name, none of them read yet.

    Attributes:
        names: Path of each below the folder or archive, with `/`, in order. Files that do not end
            in one of `SUFFIXES`, and hidden ones, are no pictures.
            Links and pipes in a folder are named, too; reading refuses those that lead out.
        content: Opens one of these to read.
    """

    names: tuple[str, ...]
    content: Callable[[str], IO[bytes]]

    def read(self, name: str, *, most_pixels: int | None = None) -> np.ndarray:
        """One of the pictures, as `read_picture` gives it.

        Raises:
            SketchError: It is torn, no picture, a link or pipe, or too large or small.
        """
        try:
            with self.content(name) as file:
                return read_picture(file, most_pixels=most_pixels)
        except SketchError as error:
            raise SketchError(str(error).replace("the picture", visible(name), 1)) from error
        except FileRefusedError as error:
            raise SketchError(f"{visible(name)}: {error}") from error
        except (*READING_ERRORS, NotImplementedError) as error:
            raise SketchError(
                f"Expected a PNG or JPEG picture in {visible(name)}. Received: "
                f"{visible(complaint(error))}. Save it again."
            ) from error


@contextmanager
def opened_collection(source: Path | BinaryIO) -> Iterator[Collection]:
    """Look through a folder or a zip archive; nothing is unpacked, no link is followed.

    Args:
        source: A folder, a zip archive, or an open one.

    Raises:
        SketchError: It is neither, is damaged, holds too much, or a name that leads out of it.
    """
    if isinstance(source, Path) and source.is_dir():
        yield _of_folder(source)
        return
    with ExitStack() as stack:  # what the block raises is not ours
        try:
            collection = _of_archive(stack.enter_context(_archive(source, stack)))
        except FileRefusedError as error:
            raise SketchError(str(error)) from error
        except READING_ERRORS as error:
            name = visible(source.name) if isinstance(source, Path) else "the archive"
            raise SketchError(
                f"Expected a folder or a zip archive of pictures in {name}. Received: "
                f"{visible(complaint(error))}. Pack it again."
            ) from error
        yield collection


def _archive(source: Path | BinaryIO, stack: ExitStack) -> zipfile.ZipFile:
    file = source
    if isinstance(file, Path):
        path = Path(os.path.realpath(file))  # a link that the user names stands for its target
        file = stack.enter_context(os.fdopen(safe_files.open_regular(path, os.O_RDONLY), "rb"))
    zip_files.check(file, most_members=MOST_IN_ZIP, members="files", packer="zip")
    return zipfile.ZipFile(file)


def _of_archive(archive: zipfile.ZipFile) -> Collection:
    entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
    for name, entry in entries.items():
        if _leads_out(name):
            raise ValueError(f"the name {name[:60]!r}, which leads out of it")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise ValueError(f"{name[:60]!r}, a link")
        if entry.flag_bits & _ENCRYPTED:
            raise ValueError(f"{name[:60]!r}, which a password protects")

    def content(name: str) -> IO[bytes]:
        if entries[name].file_size > MOST_BYTES:
            raise ValueError(f"{entries[name].file_size:,} bytes")
        with archive.open(entries[name]) as member:  # which cannot be sought in as fast
            return io.BytesIO(member.read(MOST_BYTES))

    return Collection(tuple(sorted(filter(_is_picture, entries))), content)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name[:2] or ".." in name.split("/")


def _of_folder(folder: Path) -> Collection:
    names = sorted(_walk(folder, "", 1))

    def content(name: str) -> IO[bytes]:
        return os.fdopen(safe_files.open_regular(folder / name, os.O_RDONLY), "rb")

    return Collection(tuple(names), content)


def _walk(folder: Path, above: str, depth: int) -> list[str]:
    found: list[str] = []
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        raise SketchError(
            f"Expected a folder that can be read. Received: {visible(folder.name)}, "
            f"{error.strerror}. Allow it."
        ) from error
    for entry in entries:
        if entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
            found += _walk(Path(entry.path), f"{above}{entry.name}/", depth + 1)
        elif not entry.is_dir() and _is_picture(f"{above}{entry.name}"):
            # Also what is no file: reading refuses it, so that somebody hears of it.
            found.append(f"{above}{entry.name}")
        if len(found) > MOST_IN_FOLDER:
            raise SketchError(
                f"Expected at most {MOST_IN_FOLDER:,} pictures in {visible(folder.name)}. "
                "Received: more. Name a smaller folder."
            )
    return found


def _is_picture(name: str) -> bool:
    parts = PurePosixPath(name).parts
    is_hidden = any(part.startswith(".") or part in _NO_PICTURES for part in parts)
    return not is_hidden and name.lower().endswith(SUFFIXES)
