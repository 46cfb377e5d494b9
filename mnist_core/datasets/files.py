"""Reads MNIST's arrays from an .npz file or a folder of IDX files, trusting neither."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import numpy as np

from mnist_core import settings
from mnist_core.datasets.idx_files import IDX_NAMES, read_idx_folder
from mnist_core.datasets.npz_file import read_npz_file
from mnist_core.errors import DatasetError
from mnist_core.files.damage import READING_ERRORS, complaint

_max_gb: ContextVar[float] = ContextVar("max_gb", default=settings.DEFAULT_MAX_DATA_GB)


@contextmanager
def limited_to(max_gb: float) -> Iterator[None]:
    """Within the block `read` refuses what unpacks to more gigabytes, 10⁹ bytes each.

    A setting of the context, because the functions in `DATASETS` take nothing.
    """
    token = _max_gb.set(max_gb)
    try:
        yield
    finally:
        _max_gb.reset(token)


def read(path: Path) -> dict[str, np.ndarray]:
    """Read x_train, y_train, x_test and y_test as they are stored.

    Nothing is unpacked before it is known how much that will be (see `limited_to`).

    Args:
        path: An .npz file with these four arrays, or a folder with MNIST's four IDX files
            (`train-images-idx3-ubyte` …), each gzipped (`.gz`) or not.

    Returns:
        The four arrays by name; their shapes are the caller's to check.

    Raises:
        DatasetError: The path does not exist, is no regular file, torn, too large, lacks an array,
            contains Python objects, or does not match its headers. Nothing in a file is ever
            unpickled or run.
    """
    try:
        if path.is_dir():
            return read_idx_folder(path, max_gb=_max_gb.get())
        return read_npz_file(path, tuple(IDX_NAMES), max_gb=_max_gb.get())
    except FileNotFoundError as error:
        raise DatasetError(
            f"Expected MNIST at {path}. Received: nothing is there. Correct the path, or unset "
            "MNIST_LENS_DATA to use the embedded digits."
        ) from error
    except READING_ERRORS as error:
        raise DatasetError(
            f"Expected an .npz file or a folder of IDX files that can be read whole. Received: "
            f"{path.name}, which is torn or of another kind ({complaint(error)}). Fetch it again."
        ) from error
