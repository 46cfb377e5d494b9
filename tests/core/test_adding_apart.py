"""A data set added in a process of its own is kept whole, or nothing of it and one sentence."""

from __future__ import annotations

import io
import signal
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from mnist_core import settings
from mnist_core.adding import Uploaded, add_apart, lay_out
from mnist_core.datasets import added, load_dataset
from mnist_core.errors import DatasetError


class StoppedError(Exception):
    """What a caller raises who does not want it any more."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """30 pictures of two classes, and one file that is none."""
    with zipfile.ZipFile(tmp_path / "things.zip", "w") as archive:
        for number in range(30):
            file = io.BytesIO()
            Image.new("RGB", (1200, 900), (8 * number, 90, 0)).save(file, "PNG")
            archive.writestr(f"{'ab'[number % 2]}/{number}.png", file.getvalue())
        archive.writestr("a/none.png", b"nothing")
    return tmp_path / "things.zip"


def add_things(source: Path, on_progress) -> tuple[str, ...]:
    return add_apart(
        "things",
        source,
        pixels=None,
        class_names=["A", "B"],
        title="Things",
        on_progress=on_progress,
    )


def test_it_is_kept_as_asked_with_what_was_left_out(archive: Path) -> None:
    steps: list[tuple[int, int]] = []
    (left_out,) = add_things(archive, lambda *step: steps.append(step))
    assert "a/none.png" in left_out
    assert steps[-1] == (31, 31)
    dataset = load_dataset("things")
    assert dataset.title == "Things"
    assert dataset.class_names == ("A", "B")
    assert sum(len(split) for split in dataset.splits.values()) == 30


def test_what_cannot_be_read_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "torn.npz").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(DatasetError, match=r"torn\.npz"):
        add_things(tmp_path / "torn.npz", lambda done, total: None)
    assert added.added_names() == ()


@pytest.mark.parametrize("is_stopped", [True, False], ids=["stopped", "killed"])
def test_one_that_is_ended_early_leaves_nothing(
    archive: Path, started: list[subprocess.Popen[bytes]], is_stopped: bool
) -> None:
    half_written = settings.data_folder() / "things" / ".images-0123.89abcdef.npz"

    def end(done: int, total: int) -> None:
        half_written.parent.mkdir(parents=True, exist_ok=True)
        half_written.write_bytes(b"half")
        if is_stopped:
            raise StoppedError
        started[0].kill()

    with pytest.raises(StoppedError if is_stopped else DatasetError) as raised:
        add_things(archive, end)
    assert is_stopped or "(SIGKILL)" in str(raised.value)
    assert started[0].returncode == -signal.SIGKILL
    assert not half_written.parent.exists()


def test_a_name_that_is_taken_starts_no_process(archive: Path, started) -> None:
    add_things(archive, lambda done, total: None)
    started.clear()
    with pytest.raises(DatasetError, match="a name that no data set has"):
        add_things(archive, lambda done, total: None)
    assert started == []
    assert added.added_names() == ("things",)


def sent(name: str, content: bytes = b"x") -> Uploaded:
    return Uploaded(name, memoryview(content))


def test_files_are_laid_out_under_the_last_part_of_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    names = ["../../train-images.gz", "C:\\data\\train-labels.gz"]
    assert lay_out([sent(name) for name in names], folder) == folder
    assert sorted(path.name for path in folder.iterdir()) == ["train-images.gz", "train-labels.gz"]
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert lay_out([sent("/etc/set.NPZ", b"yz")], folder) == folder / "set.NPZ"
    assert (folder / "set.NPZ").read_bytes() == b"yz"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "1 to 12 files"),
        ([sent(f"{n}.gz") for n in range(13)], "1 to 12 files"),
        ([sent("large.npz", bytes(100_000_001))], "at most 100 MB together"),
        ([sent("a/one.gz"), sent("b/one.gz")], "files of different names"),
        ([sent("one.zip"), sent("two.zip")], "a zip archive alone"),
        ([sent("..")], "a name of 1 to 200 letters"),
        ([sent("a/")], "a name of 1 to 200 letters"),
        ([sent("a\0b.npz")], "a name of 1 to 200 letters"),
        ([sent("é" * 101)], "a name of 1 to 200 letters"),
    ],
    ids=["none", "many", "large", "alike", "archives", "dots", "empty", "nul", "long"],
)
def test_other_files_are_refused_and_nothing_is_written(
    tmp_path: Path, files: list[Uploaded], told: str
) -> None:
    with pytest.raises(DatasetError, match=told):
        lay_out(files, tmp_path)
    assert list(tmp_path.iterdir()) == []
