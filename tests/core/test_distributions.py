"""What a split consists of, against scipy, numpy and the published figures of MNIST."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2_contingency

from mnist_core.datasets import Dataset, Split
from mnist_core.datasets.distributions import (
    contents,
    first_of_each_class,
    likeness,
    mean_images,
    values,
)

# https://yann.lecun.com/exdb/mnist: share of each digit in %, of 60,000 and of 10,000.
TRAIN = [9.87, 11.24, 9.93, 10.22, 9.74, 9.04, 9.86, 10.44, 9.75, 9.92]
TEST = [9.80, 11.35, 10.32, 10.10, 9.82, 8.92, 9.58, 10.28, 9.74, 10.09]
COUNTS = arrays(np.int64, 10, elements=st.integers(0, 5_000))


def test_the_full_data_has_the_published_label_distribution(full_mnist: Dataset) -> None:
    counts = contents(full_mnist).counts
    all_train = counts["train"] + counts["validation"]
    # The published shares have two decimals, 9.915 rounded up to 9.92.
    assert (100 * all_train / 60_000).tolist() == pytest.approx(TRAIN, abs=0.00501)
    assert (100 * counts["test"] / 10_000).tolist() == pytest.approx(TEST, abs=0.00501)


def test_the_full_data_has_the_published_values(full_mnist: Dataset) -> None:
    found = contents(full_mnist)
    for split, n in (("train", 55_000), ("validation", 5_000), ("test", 10_000)):
        pixels, labels = found.pixels[split], found.labels[split]
        assert (pixels.shape, labels.shape) == ((n, 28, 28), (n,))
        assert (pixels.distinct, pixels.least, pixels.greatest) == (256, 0, 255)
        assert (labels.distinct, labels.least, labels.greatest) == (10, 0, 9)


def test_values_are_counted_once_each() -> None:
    found = values(np.array([[3, 3], [250, 7]], np.uint8))
    assert (found.shape, found.distinct, found.least, found.greatest) == ((2, 2), 3, 3, 250)


@given(COUNTS, COUNTS)
def test_the_test_of_likeness_is_scipys(counts: np.ndarray, others: np.ndarray) -> None:
    either = counts + others > 0
    assume(counts.sum() and others.sum() and either.sum() > 1)
    expected = chi2_contingency(np.stack([counts, others])[:, either], correction=False).pvalue
    assert likeness(counts, others).p_value == pytest.approx(expected, abs=1e-12)


def test_the_distance_is_the_share_of_labels_that_would_have_to_change() -> None:
    found = likeness(np.array([50, 50, 0]), np.array([5, 3, 2]))
    assert found.distance == pytest.approx(0.2)
    assert likeness(np.array([4, 4]), np.array([1, 1])).distance == 0


def test_two_splits_of_one_class_are_alike() -> None:
    found = likeness(np.array([0, 9]), np.array([0, 3]))
    assert (found.distance, found.p_value) == (0, 1)


def test_a_mean_image_is_the_rounded_mean_of_its_class(mnist_5k: Dataset) -> None:
    split = mnist_5k.split("validation")
    means = mean_images(split)
    for label in range(10):
        expected = split.images[split.labels == label].astype(float).mean(axis=0)
        assert np.abs(means[label] - expected).max() <= 0.5
    assert not means.flags.writeable


def test_a_class_without_images_has_a_blank_mean() -> None:
    split = Split("test", np.full((2, 28, 28), 9, np.uint8), np.array([0, 2]), tuple("abcd"))
    assert mean_images(split)[:, 0, 0].tolist() == [9, 0, 9, 0]


def test_samples_are_the_first_of_each_class_in_file_order() -> None:
    labels = np.array([1, 0, 1, 1, 0, 3])
    split = Split("test", np.zeros((6, 28, 28), np.uint8), labels)
    assert first_of_each_class(split, 2).tolist() == [1, 4, 0, 2, 5]
