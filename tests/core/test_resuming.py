"""A stopped run goes on to the result it would have had; any other run is left alone."""

import itertools
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mnist_core import runs, training
from mnist_core.errors import RunError
from mnist_core.inference.prediction import load_model
from mnist_core.recipes import RECIPES
from mnist_core.runs import Run, read_run
from mnist_core.training import progress


@pytest.fixture(scope="module")
def interrupted(mnist_5k, tmp_path_factory) -> Run:
    """The training of `tiny_run`, interrupted from the keyboard in its second epoch."""
    models = tmp_path_factory.mktemp("interrupted")

    def interrupt(so_far: training.Progress) -> None:
        if so_far.epoch == 2:
            raise KeyboardInterrupt

    recipe = RECIPES["simple-conv"]
    with pytest.raises(KeyboardInterrupt):
        training.train(
            recipe, mnist_5k, models=models, name="one", max_epochs=3, on_progress=interrupt
        )
    return read_run(models, "one")


@pytest.fixture
def stopped(interrupted, tmp_path) -> Path:
    """A copy of the interrupted run's folder, in a models folder of its own."""
    return shutil.copytree(interrupted.folder, tmp_path / "models" / "one")


def without_seconds(run: Run) -> list[runs.EpochRecord]:
    return [replace(record, seconds=0) for record in run.history]


def test_an_interrupted_run_is_stopped_with_its_whole_epochs(interrupted, tiny_run):
    assert interrupted.state == "stopped"
    assert interrupted.details.state == "stopped"
    assert interrupted.details.ended is not None
    assert without_seconds(interrupted) == without_seconds(tiny_run)[:1]
    assert not runs.is_in_use(interrupted.folder)


def test_the_time_left_of_a_resumed_run_goes_by_its_new_epochs_alone(
    stopped, mnist_5k, monkeypatch
):
    ticks = itertools.count()
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    told = []

    def interrupt(so_far: training.Progress) -> None:
        told.append(so_far)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.resume(mnist_5k, models=stopped.parent, name="one", on_progress=interrupt)
    (first,) = told
    assert first.epoch == 2
    # Two seconds after the start, and two epochs to go less the steps that are done.
    assert first.seconds_left == pytest.approx(2 / first.step * (2 * first.steps - first.step))


def test_a_resumed_run_ends_as_if_it_had_not_been_stopped(stopped, mnist_5k, tiny_run):
    # What a killed process may leave: a part, and the model of an epoch that did not count yet.
    (stopped / ".epoch-02.0123abcd.keras").write_bytes(b"half a model")
    runs.checkpoint_path(stopped, 2).write_bytes(b"of an unfinished epoch")
    seen = []
    run = training.resume(
        mnist_5k,
        models=stopped.parent,
        name="one",
        on_progress=lambda progress: seen.append(progress.epoch),
    )
    assert run.state == "finished"
    assert set(seen) == {2, 3}
    assert without_seconds(run) == without_seconds(tiny_run)
    assert run.details.best_epoch == tiny_run.best_epoch
    assert sorted(file.name for file in stopped.iterdir()) == sorted(
        file.name for file in tiny_run.folder.iterdir()
    )
    ours, theirs = (load_model(each.checkpoint(3).path) for each in (run, tiny_run))
    for weights, expected in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-6)


@pytest.mark.parametrize(
    "changes",
    [
        {
            "build": RECIPES["mlp-deep-dropout"].build,
            "augmentation": RECIPES["cnn-augmented"].augmentation,
            "peak_learning_rate": 0.01,
        },
        {"build": RECIPES["linear-l1"].build, "penalty": "l1", "optimizer": "SGDClassifier"},
    ],
    ids=["dropout, augmentation and a changing learning rate", "SGDClassifier"],
)
def test_a_resumed_run_has_the_weights_it_would_have_had(
    quick, small, models, monkeypatch, changes
):
    recipe = replace(quick, **changes)
    monkeypatch.setitem(RECIPES, recipe.name, recipe)

    def interrupt(so_far: training.Progress) -> None:
        if so_far.epoch == 2:
            raise KeyboardInterrupt

    whole = training.train(recipe, small, models=models, name="whole", seed=5)
    with pytest.raises(KeyboardInterrupt):
        training.train(recipe, small, models=models, name="cut", seed=5, on_progress=interrupt)
    cut = training.resume(small, models=models, name="cut")
    assert without_seconds(cut) == without_seconds(whole)
    for epoch in (1, 2, 3):
        kept, made_up = (load_model(run.checkpoint(epoch).path) for run in (whole, cut))
        for expected, found in zip(kept.get_weights(), made_up.get_weights(), strict=True):
            np.testing.assert_allclose(found, expected, atol=1e-6)
    assert cut.details.hyperparameters == whole.details.hyperparameters


def test_a_run_stopped_after_its_last_epoch_only_needs_to_be_finished(stopped, mnist_5k):
    details = runs.read_json(stopped)
    hyperparameters = details["hyperparameters"] | {"max_epochs": 1}
    runs.write_details(stopped, details | {"hyperparameters": hyperparameters})
    seen = []
    run = training.resume(mnist_5k, models=stopped.parent, name="one", on_progress=seen.append)
    assert seen == []
    assert run.state == "finished"
    assert len(run.history) == 1


def test_a_run_is_not_resumed_on_other_images(stopped, mnist_5k):
    train, validation = mnist_5k.split("train"), mnist_5k.split("validation")
    other = replace(mnist_5k, splits={"train": validation, "validation": train})
    with pytest.raises(RunError, match=r"Expected the images that one was trained on .*--data"):
        training.resume(other, models=stopped.parent, name="one")
    assert read_run(stopped.parent, "one").state == "stopped"


@pytest.mark.parametrize("state", ["finished", "imported"])
def test_a_run_that_is_not_stopped_is_not_resumed(mnist_5k, models, make_run, state):
    make_run(models, "one", state=state)
    with pytest.raises(RunError, match=f"Received: one, which is {state}"):
        training.resume(mnist_5k, models=models, name="one")


def test_a_missing_run_cannot_be_resumed(mnist_5k, models):
    with pytest.raises(RunError, match="there are: none yet"):
        training.resume(mnist_5k, models=models, name="one")


def test_a_run_that_another_process_trains_is_not_resumed(stopped, mnist_5k):
    details = runs.read_json(stopped)
    runs.write_details(stopped, details | {"state": "training"})
    busy = pytest.raises(RunError, match="one is being trained by another process")
    with runs.in_use(stopped), busy:
        training.resume(mnist_5k, models=stopped.parent, name="one")


def test_a_run_taken_by_another_process_at_the_last_moment_is_not_resumed(stopped, mnist_5k):
    # Its run.json still says stopped: only the lock tells.
    before = {file: file.read_bytes() for file in stopped.iterdir()}
    with runs.in_use(stopped), pytest.raises(RunError, match="another process is training it"):
        training.resume(mnist_5k, models=stopped.parent, name="one")
    assert {file: file.read_bytes() for file in stopped.iterdir()} == before


def test_the_newest_stopped_run_of_a_recipe_is_the_one_started_last(models, make_run):
    for name, details in {
        "a": {"state": "stopped", "started": "2030-01-02T00:00:00+00:00"},
        "b": {"state": "training", "started": "2030-01-03T00:00:00+00:00"},
        "c": {"state": "stopped", "started": "2030-01-01T00:00:00+00:00"},
        "d": {"state": "finished", "started": "2030-01-04T00:00:00+00:00"},
        "e": {"state": "stopped", "started": "2030-01-05T00:00:00+00:00", "recipe": "dense"},
    }.items():
        make_run(models, name, **details)
    assert training.newest_stopped_run(models, "simple-conv").name == "b"
    assert training.newest_stopped_run(models, "dense").name == "e"


def test_without_a_stopped_run_of_the_recipe_there_is_nothing_to_resume(models, make_run):
    make_run(models, "one")
    with pytest.raises(RunError, match="stopped run of simple-conv to resume"):
        training.newest_stopped_run(models, "simple-conv")
