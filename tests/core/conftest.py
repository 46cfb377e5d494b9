"""Fixtures for the core: MNIST's layout in small, runs without training, a quick recipe."""

from __future__ import annotations

import gzip
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mnist_core import apart, runs
from mnist_core.datasets import Dataset, Split, embedded
from mnist_core.datasets.files import IDX_NAMES
from mnist_core.recipes import RECIPES, Recipe
from mnist_core.runs import EpochRecord

if TYPE_CHECKING:
    import keras


class CountedEmbed:
    """Sees pixels instead of what a model sees, and notes how many images it was asked."""

    def __init__(self) -> None:
        self.blocks: list[int] = []

    def __call__(self, model_file: Path, images: np.ndarray) -> np.ndarray:
        self.blocks.append(len(images))
        return images.reshape(len(images), -1).astype(np.float32)


@pytest.fixture
def counted() -> CountedEmbed:
    return CountedEmbed()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started apart in the course of a test."""
    begun: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            begun.append(self)

    monkeypatch.setattr(apart.subprocess, "Popen", Noted)
    return begun


@pytest.fixture(scope="session")
def digits() -> tuple[np.ndarray, np.ndarray]:
    """The embedded digits and their labels, class by class."""
    return embedded.digits()


@pytest.fixture(scope="session")
def small_arrays() -> Mapping[str, np.ndarray]:
    """MNIST's four arrays with 40 training and 10 test images, the classes taking turns."""
    random = np.random.default_rng(0)
    return {
        "x_train": random.integers(0, 256, (40, 28, 28), dtype=np.uint8),
        "y_train": np.arange(40, dtype=np.uint8) % 10,
        "x_test": random.integers(0, 256, (10, 28, 28), dtype=np.uint8),
        "y_test": np.arange(10, dtype=np.uint8),
    }


@pytest.fixture(scope="session")
def store_idx() -> Callable[..., Path]:
    """A function that writes the four arrays as IDX files into a new folder."""

    def store(folder: Path, arrays: Mapping[str, np.ndarray], *, gzipped: bool = False) -> Path:
        folder.mkdir()
        for name, array in arrays.items():
            header = bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes()
            content = header + array.tobytes()
            if gzipped:
                (folder / f"{IDX_NAMES[name]}.gz").write_bytes(gzip.compress(content))
            else:
                (folder / IDX_NAMES[name]).write_bytes(content)
        return folder

    return store


@pytest.fixture(scope="session")
def store_npz_members() -> Callable[[Path, bytes], Path]:
    """A function that writes an .npz file whose four members are all the given bytes."""

    def store(path: Path, member: bytes) -> Path:
        with zipfile.ZipFile(path, "w") as archive:
            for name in IDX_NAMES:
                archive.writestr(f"{name}.npy", member)
        return path

    return store


@pytest.fixture
def small_npz(small_arrays: Mapping[str, np.ndarray], tmp_path: Path) -> Path:
    """The four small arrays as a file mnist.npz."""
    path = tmp_path / "mnist.npz"
    np.savez(path, **small_arrays)
    return path


@contextmanager
def _without_the_rights_of_root() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture(scope="session")
def ordinary_user() -> Callable[[], AbstractContextManager[None]]:
    """A context in which permissions bind, also where the tests run as root."""
    return _without_the_rights_of_root


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that anybody may read, as pytest's own may not be."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A models folder that does not exist yet."""
    return tmp_path / "models"


@pytest.fixture(scope="session")
def make_run() -> Callable[..., Path]:
    """A function that writes a run with the given validation accuracies and details."""

    def make(
        models: Path, name: str, accuracies: tuple[float, ...] = (0.5,), **details: object
    ) -> Path:
        folder = models / name
        folder.mkdir(parents=True)
        defaults = {"recipe": "simple-conv", "parameters": 693_962, "state": "finished"}
        runs.write_details(folder, defaults | {"test_accuracy": 0.5, "seed": 7} | details)
        history = [
            EpochRecord(i, 0.1, 0.9, 0.2, share, 1.5) for i, share in enumerate(accuracies, 1)
        ]
        runs.write_history(folder, history)
        return folder

    return make


@pytest.fixture(scope="session")
def store_answers() -> Callable[[Path, int], None]:
    """A function that writes epochs.npz for three validation images into a run's folder."""

    def store(folder: Path, epochs: int) -> None:
        predicted = np.arange(epochs * 3, dtype=np.uint8).reshape(epochs, 3)
        np.savez_compressed(
            folder / "epochs.npz",
            validation_predicted=predicted,
            validation_confidence=predicted.astype(np.float16) / 10,
        )

    return store


@pytest.fixture(scope="session")
def quick() -> Recipe:
    """A recipe that trains in a moment: one layer behind the preprocessing."""

    def build_dense(n_classes: int = 10) -> keras.Model:
        from keras import Input, Model, layers

        image = Input((28, 28))
        flat = layers.Flatten()(layers.Rescaling(1 / 255)(image))
        return Model(image, layers.Dense(n_classes, activation="softmax")(flat))

    return replace(RECIPES["simple-conv"], build=build_dense, parameters=7_850, max_epochs=3)


@pytest.fixture(scope="session")
def small(mnist_5k: Dataset) -> Dataset:
    """Every tenth image of mnist-5k, and a test split."""
    train, validation = mnist_5k.split("train"), mnist_5k.split("validation")
    cuts = {
        "train": Split("train", train.images[::10], train.labels[::10]),
        "validation": Split("validation", validation.images[::10], validation.labels[::10]),
        "test": Split("test", validation.images[5::10], validation.labels[5::10]),
    }
    return replace(mnist_5k, splits=cuts)
