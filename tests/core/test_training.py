"""Training fills a run epoch by epoch, the same for the same seed."""

from dataclasses import replace

import numpy as np

from mnist_core import runs, training
from mnist_core.datasets import Split
from mnist_core.inference.prediction import load_model, predict
from mnist_core.recipes import RECIPES
from mnist_core.runs import read_epoch_predictions, read_history, read_run
from mnist_core.training import recording
from mnist_core.training.learners import keras_fit


def learned(history) -> list[list[float]]:
    """What a history says of learning, to three decimals."""
    return [
        [
            round(value, 3)
            for value in (r.loss, r.accuracy, r.validation_loss, r.validation_accuracy)
        ]
        for r in history
    ]


def test_the_same_seed_gives_the_same_history_and_another_seed_another(tiny_run, mnist_5k, models):
    recipe = RECIPES["simple-conv"]
    same = training.train(recipe, mnist_5k, models=models, name="same", max_epochs=2)
    other = training.train(recipe, mnist_5k, models=models, name="other", max_epochs=1, seed=1)
    assert learned(same.history) == learned(tiny_run.history[:2])
    assert learned(other.history) != learned(tiny_run.history[:1])


def test_every_epoch_takes_each_image_once_in_an_order_of_its_own(quick):
    images = np.zeros((250, 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(250)
    split = Split("train", images, np.arange(250, dtype=np.uint8) % 10)

    def orders(seed: int, *epochs: int) -> list[list[int]]:
        batches, epoch_variable = keras_fit.epochs_of(split, quick, seed)
        found = []
        for epoch in epochs:
            epoch_variable.assign(epoch)
            taken = [(batch.numpy()[:, 0, 0], labels.numpy()) for batch, labels in batches]
            assert [len(labels) for _, labels in taken] == [100, 100, 50]
            assert all(np.array_equal(order % 10, labels) for order, labels in taken)
            found.append(np.concatenate([order for order, _ in taken]).tolist())
        return found

    first, second, first_again = orders(0, 1, 2, 1)
    assert first == first_again != second
    assert orders(1, 1) != [first]
    assert sorted(first) == sorted(second) == list(range(250))


def test_training_takes_the_order_of_the_epoch_under_way(quick, small, models, monkeypatch):
    epochs_of, variables = keras_fit.epochs_of, []

    def watched(*arguments):
        batches, epoch_variable = epochs_of(*arguments)
        variables.append(epoch_variable)
        return batches, epoch_variable

    def check(progress: training.Progress) -> None:
        assert int(variables[0].numpy()) == progress.epoch

    monkeypatch.setattr(keras_fit, "epochs_of", watched)
    training.train(quick, small, models=models, name="one", on_progress=check)
    assert len(variables) == 1


def test_a_run_learns_and_says_what_it_was_made_of(tiny_run, mnist_5k):
    assert tiny_run.state == "finished"
    assert [record.epoch for record in tiny_run.history] == [1, 2, 3]
    assert tiny_run.validation_accuracy > 0.9
    assert tiny_run.history[0].loss > tiny_run.history[2].loss
    details = tiny_run.details
    assert details.hyperparameters.max_epochs == 3
    assert details.seed == 0
    assert details.data.sizes == {"train": 4_000, "validation": 1_000}
    assert details.data.fingerprints["train"] == mnist_5k.split("train").fingerprint
    assert details.best_epoch == tiny_run.best_epoch
    assert details.started <= details.ended
    assert tiny_run.parameters == 693_962


def test_a_finished_run_holds_nothing_that_only_resuming_needs(tiny_run):
    assert sorted(file.name for file in tiny_run.folder.iterdir()) == [
        ".lock",
        "epoch-01.keras",
        "epoch-02.keras",
        "epoch-03.keras",
        "epochs.npz",
        "history.csv",
        "run.json",
    ]


def test_checkpoints_hold_no_optimizer_state(tiny_run):
    import keras

    for checkpoint in tiny_run.checkpoints:
        model = keras.saving.load_model(checkpoint.path)
        assert not model.compiled
        assert checkpoint.path.stat().st_size < 1.1 * 4 * tiny_run.parameters


def test_recorded_answers_are_those_of_the_checkpoints(tiny_run, mnist_5k):
    validation = mnist_5k.split("validation")
    answers = read_epoch_predictions(tiny_run, "validation")
    assert answers.predicted.shape == answers.confidence.shape == (3, 1_000)
    for checkpoint, record in zip(tiny_run.checkpoints, tiny_run.history, strict=True):
        y_prob = predict(checkpoint.path, validation.images)
        predicted = answers.predicted[checkpoint.epoch - 1]
        assert np.array_equal(predicted, y_prob.argmax(axis=1))
        assert np.mean(predicted == validation.labels) == record.validation_accuracy
        confidence = answers.confidence[checkpoint.epoch - 1]
        np.testing.assert_allclose(confidence, y_prob.max(axis=1), atol=1e-3)


def test_the_test_split_is_reported_after_the_best_epoch(quick, small, models):
    run = training.train(quick, small, models=models, name="one")
    test = small.split("test")
    y_prob = predict(run.checkpoint(run.best_epoch).path, test.images)
    assert run.test_accuracy == np.mean(y_prob.argmax(axis=1) == test.labels)
    assert read_epoch_predictions(run, "test").predicted.shape == (3, 100)


def test_the_test_accuracy_is_that_of_the_best_epoch_even_if_the_last_one_does_better(
    quick, small, models, monkeypatch
):
    n_right = iter([50, 60, 90, 70, 40, 80])  # validation and test after each epoch

    def answer(compiled: object, images: np.ndarray) -> np.ndarray:
        (split,) = (s for s in small.splits.values() if s.images is images)
        y_pred = np.where(np.arange(100) < next(n_right), split.labels, (split.labels + 1) % 10)
        return np.eye(10, dtype=np.float32)[y_pred]

    monkeypatch.setattr(recording, "predict_in_batches", answer)
    run = training.train(quick, small, models=models, name="one")
    assert [record.validation_accuracy for record in run.history] == [0.5, 0.9, 0.4]
    assert (run.best_epoch, run.test_accuracy) == (2, 0.7)


def test_without_a_test_split_there_is_no_test_accuracy(tiny_run):
    assert tiny_run.test_accuracy is None
    assert read_epoch_predictions(tiny_run, "test") is None


def test_progress_counts_up_and_tells_of_an_epoch_once_it_is_saved(quick, small, models):
    seen = []

    def watch(progress: training.Progress) -> None:
        seen.append((progress.epoch, progress.step))
        assert progress.steps == 4
        assert progress.max_epochs == 3
        assert progress.seconds_left >= 0
        if progress.finished:
            assert progress.finished == read_history(models / "one")[progress.epoch - 1]
            assert read_run(models, "one").state == "training"
            load_model(runs.checkpoint_path(models / "one", progress.epoch))
            finished.append(progress.epoch)

    finished: list[int] = []
    training.train(quick, small, models=models, name="one", on_progress=watch)
    assert seen == sorted(seen)
    assert seen[-1] == (3, 4)
    assert finished == [1, 2, 3]


def test_patience_ends_a_training_that_no_longer_improves(quick, small, models):
    # The accuracy on one image is 0 or 1: it improves at most once.
    validation = small.split("validation")
    one_image = Split("validation", validation.images[:1], validation.labels[:1])
    dataset = replace(small, splits={**small.splits, "validation": one_image})
    patient = replace(quick, patience=2, max_epochs=30)
    run = training.train(patient, dataset, models=models, name="one")
    assert run.state == "finished"
    accuracies = [record.validation_accuracy for record in run.history]
    assert len(run.history) == accuracies.index(max(accuracies)) + 1 + 2 < 30


def test_a_free_name_is_the_wanted_one_or_numbered(models, make_run):
    assert training.free_name(models, "simple-conv") == "simple-conv"
    make_run(models, "simple-conv")
    make_run(models, "simple-conv-2")
    assert training.free_name(models, "simple-conv") == "simple-conv-3"
