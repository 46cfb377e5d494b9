"""Runs are read as they lie in the models folder, without leaving a trace."""

import os
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from mnist_core import runs
from mnist_core.errors import CheckpointError, RunError
from mnist_core.runs import EpochRecord, Run, list_runs, read_epoch_predictions, read_run
from mnist_core.runs.choosing import best_first
from mnist_core.runs.history import best_of


def test_a_run_is_read_as_it_was_written(models, make_run):
    make_run(models, "one", (0.5, 0.75), test_accuracy=0.7)
    run = read_run(models, "one")
    assert (run.name, run.state, run.reason) == ("one", "finished", None)
    assert (run.recipe, run.parameters, run.test_accuracy) == ("simple-conv", 693_962, 0.7)
    assert run.history[1] == EpochRecord(2, 0.1, 0.9, 0.2, 0.75, 1.5)
    assert (run.best_epoch, run.validation_accuracy) == (2, 0.75)
    assert run.details.seed == 7
    with pytest.raises(FrozenInstanceError):
        run.details.seed = 8


def test_a_history_comes_back_to_the_last_digit(tmp_path):
    history = (EpochRecord(1, 1 / 3, 0.1 + 0.2, 1e-17, 2 / 3, 1e9),)
    runs.write_history(tmp_path, history)
    assert runs.read_history(tmp_path) == history


def test_runs_are_listed_by_name_without_files_and_hidden_folders(models, make_run):
    for name in ("b", "a", ".hidden"):
        make_run(models, name)
    (models / "notes.txt").write_text("not a run")
    assert [run.name for run in list_runs(models)] == ["a", "b"]


def test_a_models_folder_that_is_not_there_has_no_runs(models):
    assert list_runs(models) == ()


def test_a_missing_run_is_an_error_that_names_those_there_are(models, make_run):
    make_run(models, "one")
    with pytest.raises(RunError, match=r"Received: 'two'; there are: one\."):
        read_run(models, "two")


@pytest.mark.parametrize("name", ["../x", "..", "", "a/b", ".x", "x" * 65, "a b", "ü", "a\n", "/"])
def test_a_name_that_is_not_a_plain_folder_name_is_refused(models, name):
    (models.parent / "x").mkdir()
    with pytest.raises(RunError, match="plainer name"):
        read_run(models, name)


def test_of_equally_good_epochs_the_earliest_is_best(models, make_run):
    make_run(models, "tie", (0.5, 0.75, 0.75, 0.6))
    make_run(models, "none", ())
    assert read_run(models, "tie").best_epoch == 2
    assert read_run(models, "none").best_epoch is None
    assert read_run(models, "none").validation_accuracy is None


def test_a_missing_checkpoint_is_an_error_that_names_those_kept(models, make_run):
    folder = make_run(models, "one", (0.5, 0.6, 0.7))
    for epoch in (1, 3, 4):
        runs.checkpoint_path(folder, epoch).write_bytes(b"model")
    run = read_run(models, "one")
    assert [checkpoint.epoch for checkpoint in run.checkpoints] == [1, 3]
    assert run.checkpoint(3).path.name == "epoch-03.keras"
    with pytest.raises(CheckpointError, match="no checkpoint of epoch 2; those kept: 1, 3"):
        run.checkpoint(2)


def test_a_checkpoints_fingerprint_is_that_of_its_content(models, make_run):
    folder = make_run(models, "one")
    path = runs.checkpoint_path(folder, 1)
    path.write_bytes(b"abc")
    found, later_gone = (read_run(models, "one").checkpoint(1) for _ in range(2))
    # The digest of "abc" in FIPS 180-2, appendix B.1.
    assert found.fingerprint == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path.unlink()
    with pytest.raises(CheckpointError, match=r"epoch-01\.keras cannot be read"):
        _ = later_gone.fingerprint


def test_reading_needs_no_right_to_write_and_leaves_no_trace(models, make_run, store_answers):
    # Root may write where the mode forbids it; hence the look at every time of change as well.
    folder = make_run(models, "one", state="training")
    store_answers(folder, epochs=1)
    runs.checkpoint_path(folder, 1).write_bytes(b"model")
    files = [folder, models, *folder.iterdir()]
    for file in files:
        file.chmod(0o555)
    before = {file: file.stat().st_mtime_ns for file in files}
    try:
        (run,) = list_runs(models)
        assert run.state == "stopped"
        assert len(run.checkpoint(1).fingerprint) == 64
        assert read_epoch_predictions(run, "validation") is not None
        assert {file: file.stat().st_mtime_ns for file in files} == before
        if os.geteuid() != 0:
            with pytest.raises(RunError, match="Permission denied"), runs.in_use(folder):
                pass
    finally:
        models.chmod(0o755)
        folder.chmod(0o755)


def test_runs_come_best_first_everywhere_and_those_without_an_accuracy_last() -> None:
    def run(name: str, *accuracies: float) -> Run:
        measured = enumerate(accuracies, 1)
        history = [EpochRecord(epoch, 0.1, 0.9, 0.1, share, 1.0) for epoch, share in measured]
        return Run(name, Path(name), "finished", history=tuple(history))

    runs = [run("none"), run("a", 0.5, 0.9), run("b", 0.95, 0.1), run("c", 0.9)]
    assert [found.name for found in best_first(runs)] == ["b", "a", "c", "none"]
    source = Path(best_first.__code__.co_filename).parents[1]
    texts = [path.read_text() for path in source.rglob("*.py")]
    assert sum("validation_accuracy or 0" in text for text in texts) == 1


def test_of_equally_accurate_epochs_the_one_with_the_lowest_loss_is_best_then_the_first():
    losses = [(0.9, 0.1), (0.95, 0.3), (0.95, 0.2), (0.95, 0.2), (0.95, 0.4)]
    history = [EpochRecord(e, 1, 1, loss, share, 1) for e, (share, loss) in enumerate(losses, 1)]
    assert best_of(history) == 3


def test_only_the_best_epoch_is_a_maximum_and_only_on_the_split_that_chose_it(mnist_5k, tmp_path):
    validation, train = mnist_5k.split("validation"), mnist_5k.split("train")
    history = tuple(EpochRecord(e, 1, 1, 1, share, 1) for e, share in enumerate([0.8, 0.9], 1))
    prints = {"validation": validation.fingerprint, "train": train.fingerprint}
    run = Run("one", tmp_path, "finished", history=history, fingerprints=prints)
    assert [run.is_maximum(epoch, validation) for epoch in (1, 2)] == [False, True]
    assert not run.is_maximum(2, train)
