"""Reads MNIST's arrays from an .npz file or a folder of IDX files, trusting neither."""

import gzip
import math
import struct
import zipfile
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import IO

import numpy as np

from mnist_core.damage import READING_ERRORS
from mnist_core.errors import DatasetError

MAX_ARRAY_BYTES = 1 << 30
"""Larger arrays are refused: MNIST's largest has 47 million bytes."""

IDX_NAMES: Mapping[str, str] = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


def read(path: Path) -> dict[str, np.ndarray]:
    """Read x_train, y_train, x_test and y_test as they are stored.

    Args:
        path: An .npz file with these four arrays, or a folder with MNIST's four IDX files
            (`train-images-idx3-ubyte` …), each gzipped (`.gz`) or not.

    Returns:
        The four arrays by name; their shapes are the caller's to check.

    Raises:
        DatasetError: The path does not exist, is torn, lacks an array, holds Python objects, or
            promises more than it holds. Nothing in a file is ever unpickled or run.
    """
    try:
        if path.is_dir():
            return {name: _read_idx(_idx_file(path, stem)) for name, stem in IDX_NAMES.items()}
        with zipfile.ZipFile(path) as archive:
            return {name: _read_npz_member(archive, name, path) for name in IDX_NAMES}
    except FileNotFoundError as error:
        raise DatasetError(
            f"Expected MNIST at {path}. Received: nothing is there. Correct the path, or unset "
            "MNIST_LENS_DATA to use the digits at hand."
        ) from error
    except READING_ERRORS as error:
        raise DatasetError(
            f"Expected an .npz file or a folder of IDX files that can be read whole. Received: "
            f"{path.name}, which is torn or of another kind ({error}). Fetch it again."
        ) from error


def _read_npz_member(archive: zipfile.ZipFile, name: str, path: Path) -> np.ndarray:
    if f"{name}.npy" not in archive.namelist():
        raise DatasetError(
            f"Expected the arrays {', '.join(IDX_NAMES)} in {path.name}. Received: "
            f"{', '.join(archive.namelist()) or 'none'}. Save them under these names."
        )
    entry = archive.getinfo(f"{name}.npy")
    with archive.open(entry) as member:
        shape, fortran_order, dtype = _npy_header(member)
        if dtype.hasobject:
            raise DatasetError(
                f"Expected numbers in {name} of {path.name}. Received: Python objects, which are "
                "programs. Save the array with a numeric dtype."
            )
        n_bytes = math.prod(shape) * dtype.itemsize
        _check_size(f"{name} of {path.name}", n_bytes, entry.file_size - member.tell())
        content = member.read()
    return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran_order else "C")


def _npy_header(member: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(member)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(member)
    return np.lib.format.read_array_header_2_0(member)


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


def _read_idx(path: Path) -> np.ndarray:
    is_gzipped = path.suffix == ".gz"
    with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) if is_gzipped else raw as file:
        zeros, kind, n_dimensions = struct.unpack(">HBB", _exactly(file, 4))
        if zeros != 0 or kind != 8 or not 1 <= n_dimensions <= 3:
            raise DatasetError(
                f"Expected unsigned bytes in one to three dimensions in {path.name}. Received: an "
                f"IDX header {zeros:04x}{kind:02x}{n_dimensions:02x}. Fetch the file again."
            )
        shape = struct.unpack(f">{n_dimensions}I", _exactly(file, 4 * n_dimensions))
        n_bytes = math.prod(shape)
        content = file.read(min(n_bytes, MAX_ARRAY_BYTES) + 1)
    _check_size(path.name, n_bytes, len(content))
    return np.frombuffer(content, np.uint8).reshape(shape)


def _exactly(file: gzip.GzipFile | BufferedReader, n_bytes: int) -> bytes:
    content = file.read(n_bytes)
    if len(content) != n_bytes:
        raise EOFError("it ends within its header")
    return content


def _check_size(what: str, promised: int, held: int) -> None:
    if promised > MAX_ARRAY_BYTES:
        raise DatasetError(
            f"Expected at most {MAX_ARRAY_BYTES:,} bytes in {what}. Received: a header that "
            f"promises {promised:,}. Name a file in MNIST's layout."
        )
    if promised != held:
        raise DatasetError(
            f"Expected {promised:,} bytes in {what}, as its header promises. Received: "
            f"{'fewer' if held < promised else 'more'}. Fetch the file again."
        )
