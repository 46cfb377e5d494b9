"""Whatever lies in a folder or archive that is added: one clear line, and nothing left behind."""

import io
import multiprocessing
import os
import signal
import stat
import struct
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_core import settings
from mnist_core.adding import add
from mnist_core.datasets import DATASETS, added, data_names, load_dataset
from mnist_core.errors import MnistLensError
from mnist_core.pictures.averaging import averaged


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def png(seed: int = 0) -> bytes:
    file = io.BytesIO()
    levels = np.random.default_rng(seed).integers(0, 256, (28, 28)).astype(np.uint8)
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


PICTURES = {f"{label}/{at}.png": png(at) for label in ("ape", "bee") for at in range(2)}


def folder(path: Path, files: dict[str, bytes] = PICTURES) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def zipped(path: Path, *more: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (*PICTURES.items(), *more):
            archive.writestr(name, content)
    return path


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("ape/link.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("../../evil.png", "leads out"),
        ("/evil.png", "leads out"),
        ("C:\\evil.png", "leads out"),
        (link(), "a link"),
    ],
)
def test_an_archive_that_reaches_out_of_itself_is_refused(
    tmp_path: Path, member: str | zipfile.ZipInfo, reason: str
) -> None:
    before = set(tmp_path.parent.rglob("*"))
    source = zipped(tmp_path / "odd.zip", (member, png()))
    with pytest.raises(MnistLensError, match=reason):
        add("odd", source)
    written = {path for path in tmp_path.parent.rglob("*") if path not in before}
    assert not [path for path in written if path.suffix in (".png", ".npz")]


def test_an_archive_of_100000_members_is_refused_unlisted(tmp_path: Path) -> None:
    entry = b"PK\1\2" + bytes(42) + b"a"
    entry = entry[:28] + struct.pack("<H", 1) + entry[30:]
    directory = entry * 100_000
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(directory), 0, 0)
    (tmp_path / "many.zip").write_bytes(directory + end)
    began = time.monotonic()
    with pytest.raises(MnistLensError, match=r"holds 100,000 files .+ more than 65,535"):
        add("many", tmp_path / "many.zip")
    assert time.monotonic() - began < 1


def test_an_archive_with_a_password_is_refused_at_once(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "locked.zip").read_bytes())
    for place in range(len(content) - 4):
        if content[place : place + 4] == b"PK\1\2":
            content[place + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(content)
    with pytest.raises(MnistLensError, match="password"):
        add("locked", tmp_path / "locked.zip")


def test_links_pipes_and_bombs_among_pictures_are_left_out_and_named(tmp_path: Path) -> None:
    source = folder(tmp_path / "odd")
    (tmp_path / "secret.png").write_bytes(png(9))
    (source / "ape" / "out.png").symlink_to(tmp_path / "secret.png")
    (source / "ape" / "dead.png").symlink_to("nowhere")
    (source / "bee" / "up").symlink_to("..")
    os.mkfifo(source / "bee" / "pipe.png")
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    (source / "bee" / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + header)
    made = add("odd", source)
    assert sum(made.outline.sizes.values()) == len(PICTURES)
    for name in ("out.png", "dead.png", "pipe.png", "bomb.png"):
        assert len([reason for reason in made.left_out if name in reason]) == 1
    assert all("\n" not in reason for reason in made.left_out)
    secret = averaged(np.asarray(Image.open(io.BytesIO(png(9)))))
    assert not (load_dataset("odd").split("train").images == secret).all(axis=(1, 2)).any()


def test_a_pipe_in_the_place_of_the_source_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("pipe", "pipe.zip", "pipe.npz"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(MnistLensError, match=r"Received: .+\. [A-Z]"):
            add("odd", tmp_path / name)


def test_class_folders_whose_names_differ_in_case_alone_are_two_classes(tmp_path: Path) -> None:
    source = folder(
        tmp_path / "k", {name.replace("bee", "Ape"): it for name, it in PICTURES.items()}
    )
    assert add("case", source).outline.class_names == ("Ape", "ape")


def test_names_are_shown_so_that_nothing_in_them_acts(tmp_path: Path) -> None:
    files = {f"{label}/ü\n{at}.png": png(at) for label in ("\x1b[31m", "お") for at in range(2)}
    assert add("odd", folder(tmp_path / "odd", files)).outline.class_names == ("\\x1b[31m", "お")
    names = load_dataset("odd").split("train").names
    assert names is not None
    assert all(str(name).isprintable() for name in names)


@pytest.mark.parametrize("name", ["", " ", "a\n", "\x1b[31m", "a" * 61])
def test_names_that_nobody_could_read_are_refused(tmp_path: Path, name: str) -> None:
    source = folder(tmp_path / "two")
    with pytest.raises(MnistLensError, match="that can be seen"):
        add("two", source, class_names=(name, "b"))
    if name:
        with pytest.raises(MnistLensError, match="that can be seen"):
            add("two", source, title=name)
    assert data_names() == tuple(DATASETS)


def test_a_dot_has_the_name_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder(tmp_path / "animals"))
    assert add("here", Path()).outline.source == "the folder animals"


def test_a_set_with_other_labels_than_the_known_one_keeps_its_own(tmp_path: Path) -> None:
    images = np.zeros((24, 28, 28), np.uint8)
    np.savez(tmp_path / "old-fashion.npz", x_train=images, y_train=np.arange(24) % 12)
    outline = add("old-fashion", tmp_path / "old-fashion.npz").outline
    assert outline.class_names == tuple(map(str, range(12)))
    assert outline.shows_strokes


def test_arrays_of_emnist_that_somebody_saved_anew_stay_as_they_lie(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28)).astype(np.uint8)
    np.savez(tmp_path / "emnist-digits.npz", x_test=images, y_test=np.arange(20) % 10)
    add("turned", tmp_path / "emnist-digits.npz")
    assert (load_dataset("turned").split("test").images == images).all()


def test_two_validation_splits_are_refused(tmp_path: Path) -> None:
    images, labels = np.zeros((4, 28, 28), np.uint8), np.arange(4)
    np.savez(tmp_path / "d.npz", x_val=images, y_val=labels, x_valid=images, y_valid=labels)
    with pytest.raises(MnistLensError, match="one validation split"):
        add("d", tmp_path / "d.npz")


def test_names_of_pictures_count_towards_the_limit(tmp_path: Path) -> None:
    source = folder(tmp_path / "two")
    n_bytes = len(PICTURES) * (28 * 28 + 4 * len("ape/0.png"))
    with pytest.raises(MnistLensError, match=f"{n_bytes:,} bytes as images with names"):
        add("two", source, max_gb=(n_bytes - 1) / 1e9)
    add("two", source, max_gb=n_bytes / 1e9)


def _killed_as_it_writes(source: Path) -> None:
    def end(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    added.to_json = end  # type: ignore[assignment]
    add("half", source)


def test_what_a_killed_process_left_counts_for_nothing_and_goes_with_the_next(
    tmp_path: Path,
) -> None:
    source = folder(tmp_path / "two")
    process = multiprocessing.get_context("fork").Process(
        target=_killed_as_it_writes, args=(source,)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert list(settings.data_folder().glob("half/images-*.npz"))
    assert data_names() == tuple(DATASETS)
    add("whole", source)
    assert not (settings.data_folder() / "half").exists()
    assert data_names() == (*DATASETS, "whole")
