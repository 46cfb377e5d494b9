"""What the headers of a data file promise, checked against a limit before anything is unpacked."""

import gzip
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO

import numpy as np

from mnist_core.errors import DatasetError, FileRefusedError
from mnist_core.files import safe_files

_PIECE = 1 << 20


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a regular file to read; a pipe or device is refused without waiting for it.

    Raises:
        DatasetError: It is another kind of thing.
        OSError: It is not there, or cannot be read.
    """
    try:
        # A link that the user names stands for its target, wherever that is.
        descriptor = safe_files.open_regular(Path(os.path.realpath(path)), os.O_RDONLY)
    except FileRefusedError as error:
        raise DatasetError(str(error)) from error
    with os.fdopen(descriptor, "rb") as file:
        yield file


def check_total(promised: Mapping[str, int], source: Path, *, max_gb: float) -> None:
    """Refuse a source whose arrays together are larger than the limit.

    Args:
        promised: Bytes that each array has once it is unpacked, by what it is called.
        source: The file or folder.
        max_gb: The limit in gigabytes, 10⁹ bytes.

    Raises:
        DatasetError: They are.
    """
    total = sum(promised.values())
    if not total <= max_gb * 1e9:
        largest = max(promised, key=lambda name: promised[name])
        raise DatasetError(
            f"Expected at most {max_gb:g} GB of images and labels in {source.name}. Received: "
            f"{largest} promises {promised[largest]:,} bytes, all together {total:,}. Name a file "
            "in MNIST's layout, or allow more on the command line: --max-data-gb."
        )


def read_exactly(file: IO[bytes] | gzip.GzipFile, n_bytes: int, what: str) -> np.ndarray:
    """So many bytes, which must be the last, as `uint8` of shape `(n_bytes,)`.

    At most one more piece is in memory with them, whatever the file unpacks to.

    Raises:
        DatasetError: There are more, or fewer.
    """
    content = np.empty(n_bytes, np.uint8)
    held = 0
    while piece := file.read(min(_PIECE, n_bytes - held + 1)):
        if held + len(piece) > n_bytes:
            raise _another_size(what, n_bytes, "more")
        content[held : held + len(piece)] = np.frombuffer(piece, np.uint8)
        held += len(piece)
    if held < n_bytes:
        raise _another_size(what, n_bytes, "fewer")
    return content


def _another_size(what: str, promised: int, held: str) -> DatasetError:
    return DatasetError(
        f"Expected {promised:,} bytes in {what}, as its header promises. Received: {held}. Fetch "
        "the file again."
    )
