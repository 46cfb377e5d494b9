"""The embedded 5,000 digits, cut into train and validation: to train on without a network."""

import numpy as np

from mnist_core.datasets import embedded
from mnist_core.datasets.dataset import Dataset, Split

TRAIN_IMAGES_PER_CLASS = 400


def load() -> Dataset:
    """Load the first 400 digits of every class as `train`, the other 100 as `validation`."""
    images, labels = embedded.digits()
    rank_in_class = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        positions = np.flatnonzero(labels == label)
        rank_in_class[positions] = np.arange(len(positions))
    is_train = rank_in_class < TRAIN_IMAGES_PER_CLASS
    splits = {
        "train": Split("train", images[is_train], labels[is_train]),
        "validation": Split("validation", images[~is_train], labels[~is_train]),
    }
    return Dataset("mnist-5k", "MNIST 5k", splits, source=embedded.SOURCE)
