"""A training that dies between any two of its files goes on as if it had not.

Kills at random moments seldom fall between two files, so here each gap is tried on purpose.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_core import training
from mnist_core.inference.prediction import load_model
from mnist_core.recipes import RECIPES
from mnist_core.runs import EpochRecord, Run, list_runs, read_epoch_predictions, read_run


class Death(BaseException):
    """The process is gone."""


@contextmanager
def dying_after(file: str, times: int) -> Iterator[None]:
    """Once that file was put in its place so many times, no file is written any more."""
    swap = os.replace
    seen: list[str] = []

    def swap_while_alive(source: Path, target: Path) -> None:
        if seen.count(file) < times:
            swap(source, target)
            seen.append(target.name)
        if seen.count(file) == times:
            raise Death

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", swap_while_alive)
        with pytest.raises(Death):
            yield


@pytest.fixture(scope="module")
def undisturbed(quick, small, tmp_path_factory) -> Run:
    return training.train(quick, small, models=tmp_path_factory.mktemp("undisturbed"), name="one")


def without_seconds(run: Run) -> list[EpochRecord]:
    return [replace(record, seconds=0) for record in run.history]


def answers_of(run: Run) -> dict[str, list]:
    with np.load(run.folder / "epochs.npz") as stored:
        return {name: stored[name].tolist() for name in stored}


def weights_of(run: Run) -> list[np.ndarray]:
    models = [load_model(checkpoint.path) for checkpoint in run.checkpoints]
    return [weights for model in models for weights in model.get_weights()]


@pytest.mark.parametrize(
    ("file", "times"),
    [
        ("epoch-01.keras", 1),
        ("epoch-02.keras", 1),
        ("epochs.npz", 2),
        (".resume.npz", 2),
        ("history.csv", 3),  # when the folder was made, and after two epochs
        ("run.json", 4),  # before the first epoch, too
        (".resume.npz", 3),
        ("run.json", 6),  # it says that the run is finished
    ],
)
def test_death_after_any_file_leaves_a_readable_run_that_ends_the_same(
    quick, small, models, undisturbed, monkeypatch, file, times
):
    monkeypatch.setitem(RECIPES, "simple-conv", quick)
    with dying_after(file, times):
        training.train(quick, small, models=models, name="one")

    run = read_run(models, "one")
    n_epochs = len(run.history)
    assert without_seconds(run) == without_seconds(undisturbed)[:n_epochs]
    assert len(run.checkpoints) == n_epochs
    answers = read_epoch_predictions(run, "test")
    assert (0 if answers is None else len(answers.predicted)) == n_epochs

    if run.state == "stopped":
        run = training.resume(small, models=models, name="one")
    assert run.state == "finished"
    assert without_seconds(run) == without_seconds(undisturbed)
    assert run.test_accuracy == undisturbed.test_accuracy
    assert answers_of(run) == answers_of(undisturbed)
    for weights, expected in zip(weights_of(run), weights_of(undisturbed), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-6)


@pytest.mark.parametrize("file", ["history.csv", "run.json"])
def test_death_while_the_folder_is_made_leaves_no_run_and_its_name_free(quick, small, models, file):
    with dying_after(file, 1):
        training.train(quick, small, models=models, name="one")
    assert list_runs(models) == ()
    assert training.train(quick, small, models=models, name="one").state == "finished"
