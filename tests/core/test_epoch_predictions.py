"""What a run answered after each epoch is read back, trimmed to its history."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mnist_core.errors import RunError
from mnist_core.runs import read_epoch_predictions, read_run


def test_answers_of_an_epoch_that_the_history_lacks_are_left_out(models, make_run, store_answers):
    folder = make_run(models, "one", (0.5, 0.6))
    store_answers(folder, epochs=3)
    answers = read_epoch_predictions(read_run(models, "one"), "validation")
    assert answers.predicted.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert answers.confidence.shape == (2, 3)
    for array in (answers.predicted, answers.confidence):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_a_split_or_run_without_recorded_answers_gives_none(models, make_run, store_answers):
    folder = make_run(models, "one")
    assert read_epoch_predictions(read_run(models, "one"), "validation") is None
    store_answers(folder, epochs=1)
    assert read_epoch_predictions(read_run(models, "one"), "test") is None


def store_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def store_changed_stream(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[60:80] = b"\xff" * 20
    path.write_bytes(content)


def store_without_confidence(path: Path) -> None:
    np.savez(path, validation_predicted=np.zeros((1, 3), np.uint8))


def store_single_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


@pytest.mark.parametrize(
    "damage",
    [
        store_half,
        store_changed_stream,
        store_without_confidence,
        store_single_array,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no zip"),
    ],
)
def test_damaged_answers_are_one_clear_error(
    models, damage: Callable[[Path], object], make_run, store_answers
):
    folder = make_run(models, "one")
    store_answers(folder, epochs=1)
    damage(folder / "epochs.npz")
    with pytest.raises(RunError, match=r"epochs.npz of one. Received: a damaged"):
        read_epoch_predictions(read_run(models, "one"), "validation")


def test_a_packing_that_says_nothing_of_its_size_is_refused(models, make_run, store_answers):
    folder = make_run(models, "one")
    store_answers(folder, epochs=1)
    with zipfile.ZipFile(folder / "epochs.npz") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(folder / "epochs.npz", "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(RunError, match="packed in another way than numpy packs"):
        read_epoch_predictions(read_run(models, "one"), "validation")
