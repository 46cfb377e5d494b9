"""The data sets that can be looked at: `DATASETS` maps a name to the function that loads it."""

import os
from collections.abc import Callable
from pathlib import Path

from mnist_core import settings
from mnist_core.datasets import files, mnist, mnist_5k
from mnist_core.datasets.dataset import Dataset, Outline, Split, class_names
from mnist_core.errors import DatasetError

DATASETS: dict[str, Callable[[], Dataset]] = {
    "mnist": mnist.load,
    "mnist-5k": mnist_5k.load,
}


def load_dataset(name_or_path: str, *, max_gb: float = settings.DEFAULT_MAX_DATA_GB) -> Dataset:
    """Load a data set by its name, or MNIST's layout from a named file or folder.

    Args:
        name_or_path: A key of `DATASETS`, or a path.
        max_gb: Files that unpack to more gigabytes, 10⁹ bytes each, are refused unread.

    Raises:
        DatasetError: There is neither such a data set nor such a file, it is too large or cannot
            be read.
    """
    path = os.path.expanduser(name_or_path)  # unlike Path, it lets any name pass
    with files.limited_to(max_gb):
        if name_or_path in DATASETS:
            return DATASETS[name_or_path]()
        if os.path.exists(path):
            return mnist.load(Path(path))
    raise DatasetError(
        f"Expected the name of a data set ({', '.join(DATASETS)}) or the path of an .npz file or "
        f"a folder of IDX files. Received: {name_or_path!r}. Check the spelling."
    )


__all__ = [
    "DATASETS",
    "Dataset",
    "Outline",
    "Split",
    "class_names",
    "load_dataset",
]
