"""A training killed at any moment leaves a readable run and ends as if nothing had happened."""

import itertools
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from mnist_core.inference.prediction import load_model
from mnist_core.runs import EpochRecord, Run, list_runs, read_epoch_predictions, read_run

KILLS = 20
MAX_EPOCHS = 4

Train = Callable[..., tuple[int, int]]


@pytest.fixture
def train(tmp_path) -> Iterator[Train]:
    """A function that trains or resumes a run in a child; gives its exit status and its signs."""
    script = Path(__file__).with_name("trainer.py")
    trainer = subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def order(name: str, *, kill: tuple[int, float] | None = None) -> tuple[int, int]:
        order = {"models": str(tmp_path), "name": name, "kill": kill}
        print(json.dumps(order), file=trainer.stdin, flush=True)
        answer = json.loads(trainer.stdout.readline())
        return answer["status"], answer["signs"]

    with trainer:
        assert trainer.stdout.readline() == "ready\n"
        yield order
        trainer.stdin.close()


def history_without_seconds(run: Run) -> list[EpochRecord]:
    return [replace(record, seconds=0) for record in run.history]


def assert_readable(models: Path, name: str, undisturbed: Run) -> int:
    """Check what a kill has left of a run; gives the whole epochs it has."""
    if not (models / name).exists():
        assert name not in [run.name for run in list_runs(models)]
        return 0
    run = read_run(models, name)
    assert run in list_runs(models)
    assert run.state in ("stopped", "finished")
    n_epochs = len(run.history)
    assert history_without_seconds(run) == history_without_seconds(undisturbed)[:n_epochs]
    assert [checkpoint.epoch for checkpoint in run.checkpoints] == list(range(1, n_epochs + 1))
    for checkpoint in run.checkpoints:
        with zipfile.ZipFile(checkpoint.path) as archive:
            assert archive.testzip() is None
    answers = read_epoch_predictions(run, "validation")
    assert (0 if answers is None else len(answers.predicted)) == n_epochs
    return n_epochs


def assert_same_result(run: Run, undisturbed: Run) -> None:
    assert run.state == "finished"
    assert history_without_seconds(run) == history_without_seconds(undisturbed)
    for name in ("best_epoch", "validation_accuracy", "test_accuracy", "parameters"):
        assert getattr(run.details, name) == getattr(undisturbed.details, name)
    ours, theirs = (load_model(r.checkpoint(MAX_EPOCHS).path) for r in (run, undisturbed))
    for weight, expected in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(weight, expected, atol=1e-6)
    with (
        np.load(run.folder / "epochs.npz") as ours,
        np.load(undisturbed.folder / "epochs.npz") as theirs,
    ):
        assert sorted(ours) == sorted(theirs)
        for name in theirs:
            assert np.array_equal(ours[name], theirs[name])


def is_finished(models: Path, name: str) -> bool:
    return (models / name).exists() and read_run(models, name).state == "finished"


def moment(random: Random, *, signs: int) -> tuple[int, float]:
    """When to kill: after how many signs, of those of two epochs, and how many seconds from then.

    Signs come at whatever pace the machine has, so a kill that counts them comes neither too early
    nor too late. Every fifth is soon after the start, when a training gives none for a while.
    """
    if random.random() < 0.2:
        return 1, random.uniform(0, 0.8)
    return random.randint(1, 2 * signs // MAX_EPOCHS), 0.03 * random.random() ** 2


def test_twenty_kills_at_random_moments_change_nothing_in_the_end(train, tmp_path):
    status, signs = train("undisturbed")
    assert status == 0
    undisturbed = read_run(tmp_path, "undisturbed")

    random = Random(0)
    names = (f"killed-{number}" for number in itertools.count(1))
    name, epochs_left = next(names), []
    while len(epochs_left) < KILLS:
        if is_finished(tmp_path, name):
            assert_same_result(read_run(tmp_path, name), undisturbed)
            name = next(names)
        status, _ = train(name, kill=moment(random, signs=signs))
        assert status in (0, -signal.SIGKILL)
        if status != 0:
            epochs_left.append(assert_readable(tmp_path, name, undisturbed))
    if not is_finished(tmp_path, name):
        assert train(name)[0] == 0
    assert_same_result(read_run(tmp_path, name), undisturbed)
    amid = sum(0 < n_epochs < MAX_EPOCHS for n_epochs in epochs_left)
    assert amid >= 3, f"the kills came too early or too late: {epochs_left}"
