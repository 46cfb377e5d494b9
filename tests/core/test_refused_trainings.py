"""What cannot be trained or saved is one clear error, and what was there stays."""

import errno
import os
from dataclasses import replace

import pytest

from mnist_core import training
from mnist_core.errors import DatasetError, RecipeError, RunError
from mnist_core.recipes import RECIPES
from mnist_core.runs import read_run


@pytest.mark.parametrize("lacking", ["train", "validation"])
def test_a_data_set_without_train_or_validation_split_is_refused(quick, small, models, lacking):
    splits = {name: split for name, split in small.splits.items() if name != lacking}
    with pytest.raises(DatasetError, match=f"no {lacking} split"):
        training.train(quick, replace(small, splits=splits), models=models, name="one")
    assert not models.exists()


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [({"max_epochs": 0}, "Received: 0"), ({"seed": -1}, "Received: -1"), ({"seed": 2**32}, "seed")],
)
def test_epochs_and_seeds_out_of_range_are_refused(quick, small, models, wrong, complaint):
    with pytest.raises(RecipeError, match=complaint):
        training.train(quick, small, models=models, name="one", **wrong)
    assert not models.exists()


def test_a_name_that_is_taken_is_refused(quick, small, models, make_run):
    folder = make_run(models, "one")
    before = {file: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(RunError, match="one, which exists"):
        training.train(quick, small, models=models, name="one")
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_a_models_folder_that_cannot_be_made_is_refused(quick, small, models):
    models.write_text("a file in its place")
    with pytest.raises(RunError, match=r"Expected a writable models folder.*MNIST_LENS_MODELS"):
        training.train(quick, small, models=models, name="one")


def test_a_file_that_cannot_be_replaced_leaves_a_stopped_run(quick, small, models):
    def spoil(progress: training.Progress) -> None:
        (models / "one" / "epochs.npz").mkdir(exist_ok=True)

    with pytest.raises(RunError, match=r"Expected to save the run one.*Is a directory"):
        training.train(quick, small, models=models, name="one", on_progress=spoil)
    assert read_run(models, "one").details.state == "stopped"


def test_a_full_disk_is_one_clear_error_and_the_run_goes_on_once_there_is_room(
    quick, small, models, monkeypatch
):
    undisturbed = training.train(quick, small, models=models, name="undisturbed")

    fsync = os.fsync

    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill(progress: training.Progress) -> None:
        if progress.epoch == 2:
            monkeypatch.setattr(os, "fsync", no_room)

    with pytest.raises(RunError, match=r"No space left on device.*--resume"):
        training.train(quick, small, models=models, name="one", on_progress=fill)
    assert read_run(models, "one").state == "stopped"
    assert len(read_run(models, "one").history) == 1
    monkeypatch.setitem(RECIPES, "simple-conv", quick)
    with pytest.raises(RunError, match="No space left on device"):
        training.resume(small, models=models, name="one")
    monkeypatch.setattr(os, "fsync", fsync)
    resumed = training.resume(small, models=models, name="one")
    expected = [replace(record, seconds=0) for record in undisturbed.history]
    assert [replace(record, seconds=0) for record in resumed.history] == expected
