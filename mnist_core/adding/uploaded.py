"""Files that somebody sends, laid out so that `add` can read them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from mnist_core.errors import DatasetError
from mnist_core.formatting import visible

MOST_FILES = 12
MOST_BYTES = 100_000_000
_ALONE = (".zip", ".npz")


class Uploaded(NamedTuple):
    """A file as it was sent.

    Attributes:
        name: What it says it is called; anything.
        content: Its bytes.
    """

    name: str
    content: memoryview


def lay_out(files: Sequence[Uploaded], folder: Path) -> Path:
    """Write the files into an empty folder, under the last part of their names.

    Args:
        files: An .npz file, a zip archive of pictures, or a file for each array.
        folder: Where.

    Returns:
        What `add` takes as its source: an archive that is alone, else the folder.

    Raises:
        DatasetError: There are none, too many or too large ones, two of one name, or an archive of
            pictures among others.
    """
    names = [_last_part(file.name) for file in files]
    size = sum(len(file.content) for file in files)
    if not 1 <= len(files) <= MOST_FILES or size > MOST_BYTES:
        raise DatasetError(
            f"Expected 1 to {MOST_FILES} files of at most {MOST_BYTES / 1e6:.0f} MB together. "
            f"Received: {len(files):,} of {size / 1e6:,.1f} MB. Add larger ones on the command "
            "line: mnist-lens data add NAME SOURCE."
        )
    if len(set(names)) < len(names):
        raise DatasetError(
            f"Expected files of different names. Received: {visible(', '.join(sorted(names)))}. "
            "Rename one."
        )
    if len(names) > 1 and any(name.lower().endswith(".zip") for name in names):
        raise DatasetError(
            f"Expected a zip archive alone. Received: {len(names)} files. Add one at a time."
        )
    for name, file in zip(names, files, strict=True):
        (folder / name).write_bytes(file.content)
    is_alone = len(names) == 1 and names[0].lower().endswith(_ALONE)
    return folder / names[0] if is_alone else folder


def _last_part(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    if last.strip(".") == "" or len(last.encode(errors="replace")) > 200 or "\0" in last:
        raise DatasetError(
            "Expected a file with a name of 1 to 200 letters. Received: "
            f"“{visible(name[:60])}”. Rename it."
        )
    return last.encode(errors="replace").decode()
