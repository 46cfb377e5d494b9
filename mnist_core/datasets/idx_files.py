"""Reads arrays from IDX files, MNIST's own format, gzipped or not (yann.lecun.com/exdb/mnist)."""

import gzip
import math
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from mnist_core.datasets import promises
from mnist_core.errors import DatasetError

IDX_NAMES: Mapping[str, str] = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}

Unpacked = IO[bytes] | gzip.GzipFile


def read_idx_folder(folder: Path, *, max_gb: float) -> dict[str, np.ndarray]:
    """The four arrays of a folder, unpacked once it is known how large they are.

    Raises:
        DatasetError: A file is missing, is no IDX file, or does not match its header.
        READING_ERRORS: A file is damaged.
    """
    paths = {name: _idx_file(folder, stem) for name, stem in IDX_NAMES.items()}
    shapes = {name: shape_of(path) for name, path in paths.items()}
    sizes = {path.name: math.prod(shapes[name]) for name, path in paths.items()}
    promises.check_total(sizes, folder, max_gb=max_gb)
    return {name: read_array(path) for name, path in paths.items()}


def _idx_file(folder: Path, stem: str) -> Path:
    # Some copies write a dot for the second dash: train-images.idx3-ubyte.
    for name in (stem, stem.replace("-idx", ".idx")):
        for suffix in ("", ".gz"):
            if (folder / f"{name}{suffix}").is_file():
                return folder / f"{name}{suffix}"
    raise DatasetError(
        f"Expected the IDX file {stem} or {stem}.gz in {folder.name}. Received: a folder with "
        f"{', '.join(sorted(entry.name for entry in folder.iterdir())[:8]) or 'nothing'}. "
        "Put MNIST's four files there."
    )


def shape_of(path: Path) -> tuple[int, ...]:
    """What the header of an IDX file promises; raises as `read_idx_folder`."""
    with _unpacked(path) as file:
        return _read_header(file, path.name)


def read_array(path: Path) -> np.ndarray:
    """The array in an IDX file, `uint8`; raises as `read_idx_folder`."""
    with _unpacked(path) as file:
        shape = _read_header(file, path.name)
        return promises.read_exactly(file, math.prod(shape), path.name).reshape(shape)


@contextmanager
def _unpacked(path: Path) -> Iterator[Unpacked]:
    with promises.opened(path) as raw:
        if path.suffix != ".gz":
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as file:
            yield file


def _read_header(file: Unpacked, name: str) -> tuple[int, ...]:
    zeros, kind, n_dimensions = struct.unpack(">HBB", _header_bytes(file, 4))
    if zeros != 0 or kind != 8 or not 1 <= n_dimensions <= 3:
        raise DatasetError(
            f"Expected unsigned bytes in one to three dimensions in {name}. Received: an "
            f"IDX header {zeros:04x}{kind:02x}{n_dimensions:02x}. Fetch the file again."
        )
    return struct.unpack(f">{n_dimensions}I", _header_bytes(file, 4 * n_dimensions))


def _header_bytes(file: Unpacked, n_bytes: int) -> bytes:
    content = file.read(n_bytes)
    if len(content) != n_bytes:
        raise EOFError("it ends within its header")
    return content
