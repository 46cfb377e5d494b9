"""Data of one's own becomes a data set: what the files held, whatever they are called."""

import gzip
import io
import json
import struct
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_core.adding import add
from mnist_core.commands.main import main
from mnist_core.datasets import DATASETS, Dataset, data_names, load_dataset
from mnist_core.errors import DatasetError, MnistLensError
from mnist_core.pictures.averaging import averaged
from mnist_core.pictures.sketch import to_mnist


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def noise(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, 28, 28)).astype(np.uint8)


def idx(array: np.ndarray) -> bytes:
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(np.uint8).tobytes()


def idx_folder(folder: Path, names: Mapping[str, np.ndarray], *, packed: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    for name, array in names.items():
        content = gzip.compress(idx(array)) if packed else idx(array)
        (folder / (f"{name}.gz" if packed else name)).write_bytes(content)
    return folder


def pictures(folder: Path, names: Mapping[str, np.ndarray]) -> Path:
    for name, levels in names.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(levels).save(folder / name)
    return folder


def zipped(folder: Path) -> Path:
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder.parent))  # with the folder around it
    return target


def all_images(dataset: Dataset) -> list[bytes]:
    return sorted(
        image.tobytes() + bytes([label])
        for name in ("train", "validation")
        for image, label in zip(
            dataset.splits[name].images, dataset.splits[name].labels, strict=True
        )
    )


USUAL = (
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
     "t10k-labels-idx1-ubyte"),
    ("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "test-images.idx3-ubyte",
     "test-labels.idx1-ubyte"),
    ("k-train-images-idx3-ubyte", "k-train-labels-idx1-ubyte", "k-test-images-idx3-ubyte",
     "k-test-labels-idx1-ubyte"),
)  # fmt: skip


@pytest.mark.parametrize("names", USUAL)
@pytest.mark.parametrize("packed", [False, True])
def test_idx_files_are_read_under_every_usual_name(
    tmp_path: Path, names: tuple[str, ...], packed: bool
) -> None:
    labels = np.arange(48) % 3
    arrays = noise(48), labels, noise(9, 1), np.arange(9) % 3
    source = idx_folder(tmp_path / "some", dict(zip(names, arrays, strict=True)), packed=packed)
    add("some", source)
    dataset = load_dataset("some")
    assert dataset.outline.sizes == {"train": 45, "validation": 3, "test": 9}
    assert (dataset.split("test").images == arrays[2]).all()
    assert (dataset.split("test").labels == arrays[3]).all()
    # Nothing is lost or doubled by the cut, and every class has its twelfth.
    assert all_images(dataset) == sorted(
        image.tobytes() + bytes([label]) for image, label in zip(arrays[0], labels, strict=True)
    )
    assert np.bincount(dataset.split("validation").labels).tolist() == [1, 1, 1]
    assert dataset.class_names == ("0", "1", "2")
    assert dataset.preparation == (
        "Validation is one in 12 of each class of train, drawn with seed 0."
    )


def test_letters_of_emnist_are_turned_named_and_counted_from_one(tmp_path: Path) -> None:
    images, labels = noise(52), np.arange(52) % 26 + 1
    folder = idx_folder(
        tmp_path / "gzip",
        {
            "emnist-letters-train-images-idx3-ubyte": images,
            "emnist-letters-train-labels-idx1-ubyte": labels,
            "emnist-letters-test-images-idx3-ubyte": images[:26],
            "emnist-letters-test-labels-idx1-ubyte": labels[:26],
            "emnist-digits-train-images-idx3-ubyte": images[:10],
            "emnist-digits-train-labels-idx1-ubyte": np.arange(10),
        },
        packed=True,
    )
    lines = [f"{number} {64 + number} {96 + number}" for number in range(1, 27)]
    (folder / "emnist-letters-mapping.txt").write_text("\n".join(lines))
    with pytest.raises(DatasetError, match="Received: those of emnist-digits, emnist-letters"):
        add("letters", folder)
    add("letters", folder / "emnist-letters")
    dataset = load_dataset("letters")
    assert dataset.title == "EMNIST Letters"
    assert "".join(dataset.class_names) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert (dataset.split("test").images == images[:26].transpose(0, 2, 1)).all()
    assert dataset.split("test").labels.tolist() == list(range(26))


def test_kmnists_own_files_are_read(tmp_path: Path) -> None:
    for split, n in (("train", 40), ("test", 20)):
        np.savez(tmp_path / f"kmnist-{split}-imgs.npz", noise(n))
        np.savez(tmp_path / f"kmnist-{split}-labels.npz", np.arange(n, dtype=np.uint8) % 10)
    add("kana", tmp_path / "kmnist")
    dataset = load_dataset("kana")
    assert (dataset.title, dataset.class_names[0]) == ("KMNIST", "お")
    assert (dataset.split("test").images == noise(20)).all()


def test_fashion_is_known_by_its_name_and_shows_no_strokes(tmp_path: Path) -> None:
    arrays = noise(40), np.arange(40) % 10, noise(10), np.arange(10)
    folder = idx_folder(tmp_path / "fashion-mnist", dict(zip(USUAL[0], arrays, strict=True)))
    outline = add("clothes", folder).outline
    assert (outline.title, outline.class_names[9]) == ("Fashion-MNIST", "Ankle boot")
    assert not outline.shows_strokes


def test_an_npz_file_in_keras_layout_with_more_dimensions_is_read(tmp_path: Path) -> None:
    images, labels = noise(30), np.arange(30, dtype=np.int64) % 5
    np.savez(
        tmp_path / "five.npz",
        x_train=images[..., None],
        y_train=labels[:, None],
        x_test=images[:5],
        y_test=labels[:5],
        x_valid=images[:10],
        y_valid=labels[:10],
    )
    add("five", tmp_path / "five.npz", class_names=("a", "b", "c", "d", "e"))
    dataset = load_dataset("five")
    assert dataset.outline.sizes == {"train": 30, "validation": 10, "test": 5}
    assert (dataset.split("train").images == images).all()
    assert dataset.class_names == ("a", "b", "c", "d", "e")
    assert dataset.preparation == ""


def colours(seed: int, height: int = 40, width: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_folder_of_colour_pictures_becomes_a_data_set_by_plain_averaging(
    tmp_path: Path, as_zip: bool
) -> None:
    files = {
        f"{label}/{number}.png": colours(10 * at + number)
        for at, label in enumerate(("ape", "bee", "cat"))
        for number in range(4)
    }
    source = pictures(tmp_path / "animals", files)
    outline = add("animals", zipped(source) if as_zip else source).outline
    assert outline.class_names == ("ape", "bee", "cat")
    assert outline.sizes == {"train": 9, "validation": 3}
    assert (outline.pixels, outline.shows_strokes) == ("pictures", False)
    split = load_dataset("animals").split("train")
    assert split.names is not None
    for image, name in zip(split.images, split.names, strict=True):
        assert (image == averaged(files[str(name).removeprefix("animals/")])).all()


def test_the_mean_of_areas_is_that_of_hand(tmp_path: Path) -> None:
    grey = np.arange(56 * 56, dtype=np.float64).reshape(56, 56) % 251
    by_hand = grey.reshape(28, 2, 28, 2).mean(axis=(1, 3))
    assert np.abs(averaged(grey.astype(np.uint8)) - by_hand).max() <= 0.5 + 1e-3
    assert (averaged(noise(1)[0]) == noise(1)[0]).all()
    wide = averaged(np.full((10, 40), 90, np.uint8))
    assert (wide == 90).all()  # filled as its edge is


def test_splits_by_folder_are_kept_and_pictures_can_come_as_digits(tmp_path: Path) -> None:
    def drawn(label: int, at: int) -> np.ndarray:
        paper = np.full((60, 60), 240, np.uint8)
        paper[10 + at : 50, 20 : 24 + label] = 20
        return paper

    files = {
        f"{split}/{label}/{number}.png": drawn(label, number)
        for split in ("train", "val", "test")
        for label in (3, 12)
        for number in range(2)
    }
    files["test/12/blank.png"] = np.full((60, 60), 240, np.uint8)
    done: list[tuple[int, int]] = []
    made = add(
        "bars",
        pictures(tmp_path / "bars", files),
        pixels="digits",
        report=lambda *so_far: done.append(so_far),
    )
    assert done == [(at, 13) for at in range(14)]
    assert made.outline.class_names == ("3", "12")
    assert made.outline.sizes == {"train": 4, "validation": 4, "test": 4}
    assert made.outline.preparation == "1 picture could not be read and was left out."
    assert "blank.png" in made.left_out[0]
    split = load_dataset("bars").split("validation")
    sketch = to_mnist(drawn(3, 0))
    assert sketch is not None
    assert (split.images[0] == sketch.image).all()


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "no PNG or JPEG file"),
        ({"1.png": noise(1)[0]}, r"1\.png"),
        ({"a/1.png": noise(1)[0]}, "Received: 1"),
        ({"a/1.png": noise(1)[0], "b/1.png": noise(1)[0]}, "two training images"),
        ({f"{n}/1.png": noise(1)[0] for n in range(63)}, "Received: 63"),
    ],
)
def test_a_folder_without_classes_is_refused_and_leaves_nothing(
    tmp_path: Path, home: Path, files: Mapping[str, np.ndarray], reason: str
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    with pytest.raises(DatasetError, match=reason):
        add("odd", pictures(folder, files))
    assert data_names() == tuple(DATASETS)
    assert not list(home.rglob("*.npz"))


def _npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\3\4 renamed",
        _npz(images=noise(3)),
        _npz(x_train=noise(3)),
        _npz(x_train=noise(3) / 255, y_train=np.arange(3)),
        _npz(x_train=noise(3), y_train=np.array([0.5, 1, 2])),
        _npz(x_train=noise(3), y_train=np.arange(4)),
        _npz(x_train=noise(3), y_train=np.zeros(3, int)),
        _npz(x_train=np.zeros((3, 32, 32), np.uint8), y_train=np.arange(3)),
        _npz(x_train=noise(70), y_train=np.arange(70)),
        _npz(x_train=noise(3), y_train=np.arange(3))[:-400],
        _npz(x_train=noise(3), y_train=np.array([{}, {}, {}])),
    ],
)
def test_an_npz_file_of_another_kind_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "odd.npz").write_bytes(content)
    with pytest.raises(MnistLensError, match=r"Received: .+\. [A-Z]"):
        add("odd", tmp_path / "odd.npz")
    assert data_names() == tuple(DATASETS)


def test_idx_files_of_which_one_is_missing_are_refused(tmp_path: Path) -> None:
    folder = idx_folder(tmp_path / "half", {USUAL[0][0]: noise(4)})
    with pytest.raises(DatasetError, match="train-images-idx3-ubyte alone"):
        add("half", folder)


def test_more_than_the_limit_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    folder = idx_folder(
        tmp_path / "large", {USUAL[0][0]: noise(2000), USUAL[0][1]: np.arange(2000) % 10}
    )
    with pytest.raises(DatasetError, match=r"at most 0\.001 GB"):
        add("large", folder, max_gb=0.001)


@pytest.fixture
def mnist_lens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mnist-lens", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(ended.value.code or 0), *capsys.readouterr())

    return call


def test_the_command_line_adds_lists_and_removes(
    tmp_path: Path, mnist_lens: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{label}/{n}.png": noise(1, n)[0] for label in "ab" for n in range(3)}
    source = pictures(tmp_path / "two", files)
    (source / "a" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n torn")
    code, out, err = mnist_lens("data", "add", "two", str(source), "--class-names", "x,y")
    assert (code, out.strip()) == (0, "two: train 4, validation 2; from the folder two")
    assert "a/torn.png" in err
    listed = json.loads(mnist_lens("data", "--json")[1])[-1]
    assert {key: listed[key] for key in ("name", "source", "class_names")} == {
        "name": "two",
        "source": "the folder two",
        "class_names": ["x", "y"],
    }
    assert listed["splits"]["train"] == {
        "n": 4,
        "fingerprint": load_dataset("two").split("train").fingerprint,
    }
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert mnist_lens("data", "remove", "two")[0] == 1
    assert "two" in data_names()
    assert mnist_lens("data", "remove", "two", "--yes")[1] == "Removed two.\n"
    assert "two" not in data_names()
    code, _, err = mnist_lens("data", "remove", "mnist", "--yes")
    assert (code, "comes along" in err) == (2, True)
