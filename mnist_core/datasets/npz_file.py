"""Reads MNIST's arrays from an .npz file in Keras's layout."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnist_core.datasets import promises
from mnist_core.errors import DatasetError
from mnist_core.files import zip_files
from mnist_core.files.npy_header import NpyHeader, read_npy_header


def array_names(path: Path) -> tuple[str, ...]:
    """Names of all arrays in an .npz file; raises as `read_npz_file`."""
    with promises.opened(path) as file:
        zip_files.check(file)
        with zipfile.ZipFile(file) as archive:
            return tuple(name.removesuffix(".npy") for name in archive.namelist())


def promised_bytes(path: Path, name: str) -> int:
    """Bytes that one array of an .npz file unpacks to; raises as `read_npz_file`."""
    with promises.opened(path) as file:
        zip_files.check(file)
        with zipfile.ZipFile(file) as archive:
            return _header(archive, name, (name,), path).n_bytes


def read_npz_file(path: Path, names: Sequence[str], *, max_gb: float) -> dict[str, np.ndarray]:
    """The arrays of these names, unpacked once it is known how large they are.

    Raises:
        DatasetError: One is missing, contains Python objects, or does not match its header.
        READING_ERRORS: The file is damaged or no .npz file.
    """
    with promises.opened(path) as file:
        zip_files.check(file)
        with zipfile.ZipFile(file) as archive:
            headers = {name: _header(archive, name, names, path) for name in names}
            sizes = {f"{name} of {path.name}": headers[name].n_bytes for name in names}
            promises.check_total(sizes, path, max_gb=max_gb)
            return {name: _read(archive, name, headers[name], path) for name in names}


def _header(archive: zipfile.ZipFile, name: str, names: Sequence[str], path: Path) -> NpyHeader:
    if f"{name}.npy" not in archive.namelist():
        raise DatasetError(
            f"Expected the arrays {', '.join(names)} in {path.name}. Received: "
            f"{', '.join(archive.namelist()) or 'none'}. Save them under these names."
        )
    header = read_npy_header(archive, f"{name}.npy")
    if header.dtype.hasobject:
        raise DatasetError(
            f"Expected numbers in {name} of {path.name}. Received: Python objects, which are "
            "programs. Save the array with a numeric dtype."
        )
    return header


def _read(archive: zipfile.ZipFile, name: str, header: NpyHeader, path: Path) -> np.ndarray:
    with archive.open(f"{name}.npy") as member:
        member.read(header.length)
        content = promises.read_exactly(member, header.n_bytes, f"{name} of {path.name}")
    return content.view(header.dtype).reshape(header.shape, order=header.order)
