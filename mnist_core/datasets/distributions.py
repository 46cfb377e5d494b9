"""What a split consists of: sizes, values, labels, mean images, and how alike two splits are."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets import Dataset, Split
from mnist_core.image_size import SIDE
from mnist_core.statistics import homogeneity_p_value


@dataclass(frozen=True)
class Values:
    """One array in figures.

    Attributes:
        shape: Its shape.
        distinct: Number of distinct values.
        least: The smallest.
        greatest: The largest.
    """

    shape: tuple[int, ...]
    distinct: int
    least: int
    greatest: int


@dataclass(frozen=True)
class Contents:
    """What the splits of a data set hold, by name of the split.

    Attributes:
        pixels: The images in figures.
        labels: The labels in figures.
        counts: Images of each class, read-only. `int64`, shape `(n_classes,)`.
    """

    pixels: Mapping[str, Values]
    labels: Mapping[str, Values]
    counts: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Likeness:
    """How alike the label distributions of two splits are.

    Attributes:
        distance: Total variation distance: the share of labels that would have to change for the
            two to be alike, 0–1.
        p_value: Of Pearson's chi-square test that both were drawn from one distribution, 0–1;
            1 where one class is all there is.
    """

    distance: float
    p_value: float


def contents(dataset: Dataset) -> Contents:
    """Go through every split of a data set once."""
    splits, n_classes = dataset.splits, len(dataset.class_names)
    return Contents(
        pixels={name: values(split.images) for name, split in splits.items()},
        labels={name: values(split.labels) for name, split in splits.items()},
        counts={
            name: read_only(np.bincount(split.labels, minlength=n_classes))
            for name, split in splits.items()
        },
    )


def values(array: np.ndarray) -> Values:
    """Shape, distinct values, least and greatest of an array of `uint8` with any shape."""
    present = np.flatnonzero(np.bincount(array.reshape(-1), minlength=256))
    return Values(array.shape, len(present), int(present[0]), int(present[-1]))


def mean_images(split: Split) -> np.ndarray:
    """Mean image of each class, paper where a class has none.

    Returns:
        Grey levels, rounded, 0–255, read-only. `uint8`, shape `(n_classes, 28, 28)`.
    """
    means = np.zeros((split.n_classes, SIDE, SIDE), np.uint8)
    for label in np.unique(split.labels):
        means[label] = split.images[split.labels == label].mean(axis=0).round()
    return read_only(means)


def first_of_each_class(split: Split, k: int) -> np.ndarray:
    """Positions of the first `k` images of each class, class by class. `int64`, shape `(m,)`.

    A class with fewer images gives all it has.
    """
    labels = np.unique(split.labels)
    return np.concatenate([np.flatnonzero(split.labels == label)[:k] for label in labels])


def likeness(counts: np.ndarray, others: np.ndarray) -> Likeness:
    """Compare two label distributions.

    Args:
        counts: Images of each class in one split. `int64`, shape `(n_classes,)`, sum ≥ 1.
        others: The same for another split.

    Returns:
        Distance and test (K. Pearson 1900, test of homogeneity).
    """
    shares, other_shares = counts / counts.sum(), others / others.sum()
    distance = float(np.abs(shares - other_shares).sum() / 2)
    return Likeness(distance, homogeneity_p_value(counts, others))
