"""Labels as classes from 0 on, whatever numbers a file gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.datasets.dataset import FEWEST_CLASSES, MOST_CLASSES
from mnist_core.errors import DatasetError
from mnist_core.formatting import visible

LONGEST_NAME = 60


@dataclass(frozen=True, eq=False)
class Classes:
    """How the labels of a source become classes.

    Attributes:
        names: Of each class.
        numbers: What the source calls each class, ascending. `int64`, shape `(n_classes,)`.
    """

    names: tuple[str, ...]
    numbers: np.ndarray

    def of(self, labels: np.ndarray) -> np.ndarray:
        """Labels of the source as classes. `uint8`, shape `(n,)`."""
        return np.searchsorted(self.numbers, labels).astype(np.uint8)


def check_names(names: Sequence[str]) -> None:
    """Refuse names of classes or of a data set that nobody could read.

    Raises:
        DatasetError: One is blank, longer than 60 characters, or has some that cannot be seen.
    """
    for name in names:
        if not name.strip() or len(name) > LONGEST_NAME or visible(name) != name:
            raise DatasetError(
                f"Expected names of 1 to {LONGEST_NAME} characters that can be seen. Received: "
                f"“{visible(name[:LONGEST_NAME])}”. Choose another name."
            )


def classes_of(labels: Mapping[str, np.ndarray], names: Sequence[str]) -> Classes:
    """Find the classes of a source.

    Args:
        labels: Of every split. Whole numbers, shape `(n,)`.
        names: Of the classes in the order of their numbers, also of such as have no image; may be
            empty, then each is called by its number.

    Raises:
        DatasetError: Labels are no whole numbers, there are too many classes, or not as many as
            names, or a name that nobody could read.
    """
    check_names(names)
    for split, values in labels.items():
        if values.ndim != 1 or values.dtype.kind not in "iu" or not len(values):
            raise DatasetError(
                f"Expected one whole number for each image of {split}. Received: {values.dtype} "
                f"of shape {values.shape}. Save the labels as whole numbers."
            )
    numbers = np.unique(np.concatenate([np.unique(values) for values in labels.values()]))
    numbers = numbers.astype(np.int64)
    # Names may tell of classes without an image; numbers then count from 0, or from 1 as letters.
    for first in (0, 1):
        if names and first <= numbers[0] and numbers[-1] < first + len(names):
            numbers = np.arange(first, first + len(names))
            break
    if not FEWEST_CLASSES <= len(numbers) <= MOST_CLASSES:
        raise DatasetError(
            f"Expected labels of {FEWEST_CLASSES} to {MOST_CLASSES} classes. Received: "
            f"{len(numbers):,}. Name data with as many."
        )
    if names and len(names) != len(numbers):
        raise DatasetError(
            f"Expected a name for each of {len(numbers)} classes. Received: {len(names)} names. "
            "Name every class once, in the order of the labels: --class-names a,b,c."
        )
    return Classes(tuple(names) or tuple(map(str, numbers.tolist())), numbers)
