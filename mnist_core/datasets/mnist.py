"""MNIST: 55,000 training, 5,000 validation and 10,000 test digits, or 5,000 where no copy is found.

Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits" (1998).
"""

from pathlib import Path

import numpy as np

from mnist_core import settings
from mnist_core.datasets import embedded, files
from mnist_core.datasets.cutting import hold_out
from mnist_core.datasets.dataset import Dataset, Split
from mnist_core.errors import DatasetError

VALIDATION_IMAGES_PER_CLASS = 500


def load(source: Path | None = None) -> Dataset:
    """Load MNIST from `source`, `MNIST_LENS_DATA`, Keras's cache or the embedded digits.

    The first of these that is there is taken. One that is named must be readable; a damaged file
    in Keras's cache is passed over, and `source` says so.

    Args:
        source: An .npz file with x_train, y_train, x_test and y_test, or a folder with the four
            IDX files, gzipped or not.

    Returns:
        Splits `train`, `validation` and `test`; from the embedded digits `validation` alone.

    Raises:
        DatasetError: A named source does not exist or cannot be read.
    """
    named = source or settings.data_source()
    if named is not None:
        return _from_files(
            named, source=f"the {'folder' if named.is_dir() else 'file'} {named.name}"
        )
    cached, source_in_words = settings.keras_data_file(), embedded.SOURCE
    if cached.exists():
        try:
            return _from_files(cached, source=f"{cached.name} in Keras's cache folder")
        except DatasetError:
            source_in_words += f" ({cached.name} in Keras's cache folder is damaged)"
    images, labels = embedded.digits()
    splits = {"validation": Split("validation", images, labels)}
    return Dataset("mnist", "MNIST", splits, source=source_in_words)


def _from_files(path: Path, *, source: str) -> Dataset:
    arrays = files.read(path)
    all_train = Split("train", arrays["x_train"], arrays["y_train"])
    test = Split("test", arrays["x_test"], arrays["y_test"])
    # In place: with a second array for them a large source would take twice its size.
    train, validation = cut_validation(all_train, path, into=arrays["x_train"])
    splits = {"train": train, "validation": validation, "test": test}
    return Dataset("mnist", "MNIST", splits, source=source)


def cut_validation(
    split: Split, path: Path, *, into: np.ndarray | None = None
) -> tuple[Split, Split]:
    """Cut off the first 500 images of every class, put class by class, as validation split.

    A source with fewer than 1,000 images of some class gives half of its rarest class's count.

    Args:
        split: All training images.
        path: Where they come from, for the error.
        into: What is overwritten with the images that stay, an array like that of the split or
            that very one; else a new one.

    Raises:
        DatasetError: There are fewer than two images of some class.
    """
    counts = np.bincount(split.labels)
    per_class = min(VALIDATION_IMAGES_PER_CLASS, int(counts[counts > 0].min()) // 2)
    if per_class == 0:
        raise DatasetError(
            f"Expected at least two training images of every class in {path.name}. "
            f"Received: {counts.tolist()} images of the classes from 0. Add some."
        )
    held_out = np.concatenate(
        [np.flatnonzero(split.labels == label)[:per_class] for label in np.flatnonzero(counts)]
    )
    return hold_out(split, held_out, into=into)
