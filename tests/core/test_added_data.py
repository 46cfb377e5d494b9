"""Data sets that the user added are kept whole, change in one step, and trust no file."""

import json
import multiprocessing
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from mnist_core import settings
from mnist_core.datasets import DATASETS, Dataset, Split, added, data_names, load_dataset
from mnist_core.errors import DatasetError
from mnist_core.files import atomic


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path))
    return tmp_path


def shirts(n: int = 6, *, name: str = "shirts") -> Dataset:
    random = np.random.default_rng(n)
    classes = ("shirt", "bag")

    def split(name: str, names: np.ndarray | None = None) -> Split:
        images = random.integers(0, 256, (n, 28, 28)).astype(np.uint8)
        return Split(name, images, np.arange(n) % 2, classes, names)

    files = np.array([f"bag/ü{i}.png" for i in range(n)])
    return Dataset(
        name,
        "Shirts",
        {"train": split("train"), "test": split("test", files)},
        source="the folder shirts",
        shows_strokes=False,
        pixels="pictures",
        preparation="Cut by hand.",
    )


def test_what_was_written_is_read_back_whole() -> None:
    written = shirts()
    added.write(written)
    read = load_dataset("shirts")
    assert read.fingerprints == written.fingerprints
    assert read.outline == written.outline
    assert read.split("train").names is None
    assert (read.split("test").names == written.split("test").names).all()
    assert data_names() == (*DATASETS, "shirts")


def test_a_taken_name_is_refused_unless_it_is_to_be_replaced() -> None:
    added.write(shirts())
    with pytest.raises(DatasetError, match="Received: shirts"):
        added.write(shirts(8))
    assert len(load_dataset("shirts").split("test")) == 6
    added.write(shirts(8), replace=True)
    assert len(load_dataset("shirts").split("test")) == 8
    assert len(list((settings.data_folder() / "shirts").glob("images-*.npz"))) == 1


@pytest.mark.parametrize("name", ["", "../up", "Shirts", "a/b", "-x", "x" * 41, "é", ".hidden"])
def test_a_name_that_is_no_plain_word_is_refused(name: str, home: Path) -> None:
    with pytest.raises(DatasetError, match="small letters"):
        added.write(shirts(name=name))
    with pytest.raises(DatasetError):
        added.remove(name)
    assert list(home.rglob("*.npz")) == []


def test_no_added_set_takes_the_name_of_one_that_comes_along() -> None:
    assert tuple(DATASETS) == added.COME_ALONG
    for name in DATASETS:
        with pytest.raises(DatasetError, match="comes along"):
            added.write(shirts(name=name), replace=True)


def test_what_was_removed_is_gone_and_what_others_put_beside_it_stays() -> None:
    added.write(shirts())
    folder = settings.data_folder() / "shirts"
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(DatasetError, match="not empty"):
        added.remove("shirts")
    assert [entry.name for entry in folder.iterdir()] == ["mine.txt"]
    assert data_names() == tuple(DATASETS)
    added.write(shirts())
    (folder / "mine.txt").unlink()
    added.remove("shirts")
    assert not folder.exists()
    with pytest.raises(DatasetError, match=r"Received: shirts\. There are: none"):
        added.remove("shirts")


@pytest.mark.parametrize("left", [0, 1, 40, 200, -1])
def test_a_cut_file_is_refused_in_a_sentence_and_the_set_can_be_removed(left: int) -> None:
    added.write(shirts())
    folder = settings.data_folder() / "shirts"
    for path in (folder / "about.json", next(folder.glob("images-*"))):
        whole = path.read_bytes()
        path.write_bytes(whole[: left if left >= 0 else len(whole) + left - 1])
        with pytest.raises(DatasetError, match="Expected"):
            load_dataset("shirts")
        path.write_bytes(whole)
    assert len(load_dataset("shirts").split("test")) == 6
    (folder / "about.json").write_bytes(b"{")
    added.remove("shirts")
    assert data_names() == tuple(DATASETS)


@pytest.mark.parametrize(
    "change",
    [
        {"arrays": "../../elsewhere.npz"},
        {"sizes": {"train": 10**12}},
        {"sizes": {"hidden": 3}},
        {"class_names": ["one"]},
        {"class_names": ["same", "same"]},
        {"pixels": "as I like"},
        {"shows_strokes": 1},
        {"title": 3},
        {"named": ["train"]},
    ],
)
def test_about_is_not_trusted(change: dict) -> None:
    added.write(shirts())
    path = settings.data_folder() / "shirts" / "about.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DatasetError, match="Received"):
        load_dataset("shirts")


def _replace_for_ever() -> None:
    n = 7
    while True:
        n = 15 - n
        added.write(shirts(n), replace=True)


def test_a_reader_meets_a_whole_set_while_another_process_replaces_it_and_is_killed() -> None:
    added.write(shirts(8))
    process = multiprocessing.get_context("fork").Process(target=_replace_for_ever)
    process.start()
    seen = {len(load_dataset("shirts").split("test")) for _ in range(60)}
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert seen <= {7, 8}
    added.write(shirts(9), replace=True)  # its lock went with it
    assert len(load_dataset("shirts").split("test")) == 9
    assert len(list((settings.data_folder() / "shirts").glob("images-*.npz"))) == 1


def test_a_full_disk_leaves_the_set_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    added.write(shirts())

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "write_bytes", full)
    with pytest.raises(DatasetError, match="No space left"):
        added.write(shirts(8), replace=True)
    assert len(load_dataset("shirts").split("test")) == 6
    assert len(list((settings.data_folder() / "shirts").iterdir())) == 2
