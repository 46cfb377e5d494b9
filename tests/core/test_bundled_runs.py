"""Every bundled model file does as its run says it does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import load_dataset
from mnist_core.inference.prediction import predict
from mnist_core.recipes import RECIPES
from mnist_core.runs import Run, list_runs, read_epoch_predictions

MODELS = Path(__file__).resolve().parents[2] / "models"
RUNS = {run.name: run for run in list_runs(MODELS)}
OTHER_MACHINES = 2
"""Images that may tip over where sums are rounded in another order."""


@pytest.fixture(params=RUNS, scope="module")
def run(request: pytest.FixtureRequest) -> Run:
    return RUNS[request.param]


def test_there_is_a_run_of_every_recipe():
    assert set(RECIPES) <= {run.recipe for run in RUNS.values()}
    assert {run.state for run in RUNS.values()} == {"finished"}


def test_every_file_answers_as_was_recorded(run):
    validation = load_dataset("mnist").split("validation")
    recorded = read_epoch_predictions(run, "validation")
    assert recorded.epochs == tuple(record.epoch for record in run.history)
    for checkpoint in run.checkpoints:
        y_pred = predict(checkpoint.path, validation.images).argmax(axis=1)
        then = recorded.predicted[recorded.epochs.index(checkpoint.epoch)]
        assert np.sum(y_pred != then) <= OTHER_MACHINES
        right = np.mean(then == validation.labels)
        assert right == run.history[checkpoint.epoch - 1].validation_accuracy


def test_the_best_file_has_the_accuracies_that_the_run_claims(run, full_mnist):
    best, details = run.best_epoch, run.details
    assert details.best_epoch == best
    for name in ("validation", "test"):
        split = full_mnist.split(name)
        assert details.data.fingerprints[name] == split.fingerprint
        answers = predict(run.checkpoint(best).path, split.images).argmax(axis=1)
        wrong = int(np.sum(answers != split.labels))
        assert (
            abs(wrong - round((1 - getattr(details, f"{name}_accuracy")) * len(split)))
            <= OTHER_MACHINES
        )


def test_every_recipe_keeps_its_first_best_and_last_model(run):
    kept = [checkpoint.epoch for checkpoint in run.checkpoints]
    if run.recipe in ("simple-conv", "dense-256", "mlp-128-128"):
        assert kept == [record.epoch for record in run.history]
    elif run.name in RECIPES:
        assert {1, run.best_epoch, len(run.history)} == set(kept)
    else:
        assert run.best_epoch in kept


def test_the_flagship_reads_more_than_99_6_percent_of_the_test_digits():
    of = [run for run in RUNS.values() if run.recipe == "flagship"]
    assert sorted(run.details.seed for run in of) == [0, 1, 2]
    assert np.median([run.test_accuracy for run in of]) >= 0.996
    for run in of:
        assert run.parameters < 1_000_000
        assert sum(record.seconds for record in run.history) < 20 * 60
