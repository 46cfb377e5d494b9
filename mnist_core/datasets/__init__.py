"""The data sets that can be looked at: those that come along in `DATASETS`, and `added` ones."""

import os
from collections.abc import Callable
from pathlib import Path

from mnist_core import settings
from mnist_core.datasets import added, files, mnist, mnist_5k
from mnist_core.datasets.dataset import Dataset, Outline, Pixels, Split, class_names
from mnist_core.errors import DatasetError

DATASETS: dict[str, Callable[[], Dataset]] = {
    "mnist": mnist.load,
    "mnist-5k": mnist_5k.load,
}
"""Loads each of those that come along, by name."""


def data_names() -> tuple[str, ...]:
    """Names of all data sets: those that come along, then those that the user added.

    Raises:
        DatasetError: The folder of those that were added cannot be read.
    """
    return (*DATASETS, *added.added_names())


def load_dataset(name_or_path: str, *, max_gb: float = settings.DEFAULT_MAX_DATA_GB) -> Dataset:
    """Load a data set by its name, or MNIST's layout from a named file or folder.

    Args:
        name_or_path: One of `data_names`, or a path.
        max_gb: Files that unpack to more gigabytes, 10⁹ bytes each, are refused unread.

    Raises:
        DatasetError: There is neither such a data set nor such a file, it is too large or cannot
            be read.
    """
    path = os.path.expanduser(name_or_path)  # unlike Path, it lets any name pass
    with files.limited_to(max_gb):
        if name_or_path in DATASETS:
            return DATASETS[name_or_path]()
        if added.is_added(name_or_path):
            return added.read(name_or_path, max_gb=max_gb)
        if os.path.exists(path):
            return mnist.load(Path(path))
    raise DatasetError(
        f"Expected the name of a data set ({', '.join(data_names())}) or the path of an .npz file "
        f"or a folder of IDX files. Received: {name_or_path!r}. Check the spelling."
    )


__all__ = [
    "DATASETS",
    "Dataset",
    "Outline",
    "Pixels",
    "Split",
    "class_names",
    "data_names",
    "load_dataset",
]
