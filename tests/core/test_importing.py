"""Models that others trained become runs that answer as they did; what does not fit is named."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from mnist_core.errors import RunError
from mnist_core.importing import Imported, import_dropped, import_run, is_importable
from mnist_core.inference.prediction import load_model, predict
from mnist_core.runs import list_runs, read_epoch_predictions

if TYPE_CHECKING:
    import keras

# What a foreign model expects of the grey levels, and how it gets it.
PREPARED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "0-255": lambda images: images,
    "0-1": lambda images: images / 255,
    "-1-1": lambda images: images / 127.5 - 1,
    "standardised": lambda images: (images / 255 - 0.1307) / 0.3081,
}


@pytest.fixture(scope="module")
def trained(small) -> Callable[..., keras.Model]:
    """A function that trains a small model on images in a given shape and scale."""

    @cache
    def train(
        shape: tuple[int, ...] = (28, 28, 1),
        scale: str = "0-1",
        activation: str | None = "softmax",
        n_classes: int = 10,
        callbacks: tuple = (),
        epochs: int = 4,
    ) -> keras.Model:
        import keras
        from keras import layers

        keras.utils.set_random_seed(1)
        hidden = [layers.BatchNormalization()] if scale == "0-255" else []
        ends = layers.Dense(n_classes, activation=activation)
        model = keras.Sequential([keras.Input(shape), layers.Flatten(), *hidden, ends])
        model.compile(
            "adam",
            keras.losses.SparseCategoricalCrossentropy(from_logits=activation is None),
            metrics=["accuracy"],
        )
        split, validation = small.split("train"), small.split("test")
        prepare = PREPARED[scale]
        model.fit(
            prepare(split.images.astype("f4")).reshape(-1, *shape),
            split.labels,
            validation_data=(
                prepare(validation.images.astype("f4")).reshape(-1, *shape),
                validation.labels,
            ),
            batch_size=20,
            epochs=epochs,
            callbacks=list(callbacks),
            verbose=0,
        )
        return model

    return train


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    folder = tmp_path / "their models"
    folder.mkdir()
    return folder


@pytest.fixture
def import_it(theirs: Path, small, models: Path) -> Callable[..., Imported]:
    def run(**options) -> Imported:
        return import_run(theirs, small, models=models, **options)

    return run


@pytest.mark.parametrize("activation", ["softmax", None])
@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (784,)])
def test_an_imported_model_answers_as_it_did(trained, theirs, import_it, small, shape, activation):
    import keras

    model = trained(shape, activation=activation)
    model.save(theirs / "epoch-01.keras")
    run = import_it().run
    split = small.split("test")
    expected = model.predict((split.images / 255).reshape(-1, *shape), verbose=0)
    if activation is None:
        expected = keras.ops.softmax(expected).numpy()
    y_prob = predict(run.checkpoint(1).path, split.images)
    np.testing.assert_allclose(y_prob, expected, atol=1e-5)
    assert run.state == "imported"
    assert run.test_accuracy == np.mean(expected.argmax(axis=1) == split.labels)
    recorded = read_epoch_predictions(run, "test")
    assert np.array_equal(recorded.predicted[0], expected.argmax(axis=1))


@pytest.mark.parametrize("scale", PREPARED)
def test_the_scale_of_the_input_is_found_by_accuracy_and_said(
    trained, theirs, import_it, small, scale
):
    model = trained(scale=scale)
    model.save(theirs / "epoch-01.keras")
    imported = import_it()
    assert imported.run.details.imported.input_scale == scale
    assert any(f"Input scale {scale} chosen by accuracy on" in note for note in imported.notes)
    split = small.split("validation")
    pixels = PREPARED[scale](split.images.astype("f4"))[..., np.newaxis]
    accuracy = np.mean(model.predict(pixels, verbose=0).argmax(axis=1) == split.labels)
    assert imported.run.validation_accuracy == accuracy > 0.5


def test_a_given_scale_is_taken(trained, theirs, import_it):
    trained(scale="0-1").save(theirs / "epoch-01.keras")
    imported = import_it(input_scale="0-255")
    assert imported.run.details.imported.input_scale == "0-255"
    assert not any("chosen" in note for note in imported.notes)


def test_epochs_come_from_names_and_the_history_from_keras_own_log(
    trained, theirs, import_it, small
):
    import keras

    checkpoints = keras.callbacks.ModelCheckpoint(theirs / "cp-{epoch:02d}.keras")
    log = keras.callbacks.CSVLogger(theirs / "log.csv")
    model = trained(callbacks=(checkpoints, log))
    (theirs / "cp-02.keras").unlink()
    imported = import_it(name="mine")
    run, expected = imported.run, model.history.history
    assert [record.epoch for record in run.history] == [1, 2, 3, 4]
    for ours, logged in {
        "loss": "loss",
        "accuracy": "accuracy",
        "validation_loss": "val_loss",
        "validation_accuracy": "val_accuracy",
    }.items():
        found = [getattr(record, ours) for record in run.history]
        assert found == pytest.approx(expected[logged])
    assert [checkpoint.epoch for checkpoint in run.checkpoints] == [1, 3, 4]
    assert run.details.validation_from == "log"
    assert read_epoch_predictions(run, "validation").epochs == (1, 3, 4)
    # Their validation was another split than ours: what is best was measured.
    split = small.split("validation")
    measured = {
        checkpoint.epoch: np.mean(
            predict(checkpoint.path, split.images).argmax(axis=1) == split.labels
        )
        for checkpoint in run.checkpoints
    }
    assert run.measured == measured
    assert run.best_epoch == max(measured, key=measured.__getitem__)
    assert run.validation_accuracy == measured[run.best_epoch]
    assert imported.left_out == ()


def test_the_history_is_read_from_event_files_of_tensorboard(trained, theirs, import_it, small):
    import tensorflow as tf

    values = {"train": (1.5, 0.5, 0.25), "validation": (1.0, 0.75, 0.5)}
    for part, losses in values.items():
        with tf.summary.create_file_writer(str(theirs / "logs" / part)).as_default():
            for step, loss in enumerate(losses):
                tf.summary.write("epoch_loss", tf.constant(loss), step=step)
                tf.summary.write("epoch_accuracy", tf.constant(1 - loss / 2), step=step)
            tf.summary.write("keras", tf.constant('{"class_name": "Sequential"}'), step=0)
    trained().save(theirs / "model.keras")
    torn = next((theirs / "logs" / "train").iterdir())
    torn.write_bytes(torn.read_bytes() + b"half an event")
    run = import_it().run
    assert [record.loss for record in run.history] == [1.5, 0.5, 0.25]
    assert [record.validation_accuracy for record in run.history] == [0.5, 0.625, 0.75]
    assert np.isnan(run.history[0].seconds)
    assert run.history[1].seconds >= 0
    # A model without a number is the last one of the log.
    assert [checkpoint.epoch for checkpoint in run.checkpoints] == [3]


def test_without_a_log_validation_is_measured_and_the_rest_unknown(
    trained, theirs, import_it, small
):
    trained().save(theirs / "weights.00-0.12.keras")
    trained(epochs=1).save(theirs / "weights.02-0.12.keras")
    run = import_it(input_scale="0-1").run
    assert [checkpoint.epoch for checkpoint in run.checkpoints] == [1, 3]  # they counted from 0
    assert np.isnan(run.history[0].loss)
    assert np.isnan(run.history[1].validation_accuracy)
    split = small.split("validation")
    right = predict(run.checkpoint(3).path, split.images).argmax(axis=1) == split.labels
    assert run.history[2].validation_accuracy == right.mean()
    accuracies = {epoch: run.history[epoch - 1].validation_accuracy for epoch in (1, 3)}
    assert run.best_epoch == max(accuracies, key=accuracies.__getitem__)
    assert run.validation_accuracy == max(accuracies.values())


def test_an_h5_file_and_more_than_ten_classes_are_welcome(trained, theirs, import_it):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that .h5 is a legacy format
        trained(n_classes=12).save(theirs / "model.h5")
    run = import_it().run
    assert load_model(run.checkpoint(1).path).output_shape == (None, 12)


def test_a_saved_model_is_run_only_when_it_is_trusted(trained, theirs, import_it, small, models):
    model = trained(activation=None)
    model.export(theirs / "saved", verbose=False)
    with pytest.raises(RunError, match=r"SavedModel and so a program.*--trust"):
        import_it()
    assert not models.exists()
    run = import_it(trust=True, input_scale="0-1").run
    assert run.checkpoints == ()
    assert run.parameters == 7_850
    split = small.split("test")
    expected = model.predict((split.images / 255)[..., np.newaxis], verbose=0).argmax(axis=1)
    assert np.array_equal(read_epoch_predictions(run, "test").predicted[0], expected)


def test_what_does_not_fit_is_listed_with_the_reason(trained, theirs, import_it, tiny_run):
    import keras
    from keras import layers

    good = trained()
    good.save(theirs / "epoch-2.keras")
    good.save_weights(theirs / "only.weights.h5")
    (theirs / "epoch-3.keras").write_text("not a model")
    keras.Sequential([keras.Input((32, 32)), layers.Flatten(), layers.Dense(10)]).save(
        theirs / "epoch-4.keras"
    )
    good.save(theirs / "final.keras")
    (theirs / "notes.csv").write_text("a,b\n1,2\n")
    imported = import_it()
    assert [checkpoint.epoch for checkpoint in imported.run.checkpoints] == [2]
    trained(activation="sigmoid").save(theirs / "epoch-7.keras")
    shutil.rmtree(imported.run.folder)
    imported = import_it()
    reasons = {line.split(":")[0]: line for line in imported.left_out}
    assert set(reasons) == {
        "only.weights.h5",
        "epoch-3.keras",
        "epoch-4.keras",
        "epoch-7.keras",
        "final.keras",
        "notes.csv",
    }
    assert "(None, 32, 32)" in reasons["epoch-4.keras"]
    assert "its epoch, up to 10,000, in the file's name" in reasons["final.keras"]
    assert "one sigmoid for each class" in reasons["epoch-7.keras"]
    assert imported.run.details.imported.left_out == imported.left_out


def test_a_model_that_ends_otherwise_than_the_last_one_is_left_out(
    trained, theirs, import_it, small
):
    trained().save(theirs / "epoch-1.keras")
    trained(activation=None, n_classes=12).save(theirs / "epoch-2.keras")
    trained(activation=None).save(theirs / "epoch-3.keras")
    trained(activation=None).save(theirs / "epoch-4.keras")
    imported = import_it(input_scale="0-1")
    assert imported.run.recorded_epochs == (3, 4)
    assert imported.run.n_classes == 10
    one, two = imported.left_out
    assert one.startswith("epoch-1.keras: Expected logits of 10 classes")
    assert "Received: probabilities of 10 classes." in one
    assert "Received: logits of 12 classes." in two
    y_prob = predict(imported.run.checkpoint(3).path, small.split("test").images)
    np.testing.assert_allclose(y_prob.sum(axis=1), 1, atol=1e-5)


def test_a_single_model_that_fails_on_test_alone_is_one_clear_error(theirs, small, models):
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)])
    weights = np.zeros((784, 10), np.float32)
    weights[:, 0] = np.finfo(np.float32).max / 500  # too large for more than 500 pixels of ink
    model.set_weights([weights, np.zeros(10)])
    model.save(theirs / "epoch-1.keras")
    test = small.split("test")
    full = np.full_like(test.images, 255)
    dataset = replace(small, splits=dict(small.splits) | {"test": replace(test, images=full)})
    with pytest.raises(RunError, match=r"Expected one or more model files that fit.*finite"):
        import_run(theirs, dataset, models=models, input_scale="0-1")
    assert list_runs(models) == ()


def test_sigmoids_are_no_probabilities(trained, theirs, import_it, models):
    trained(activation="sigmoid").save(theirs / "epoch-1.keras")
    with pytest.raises(RunError, match="one sigmoid for each class"):
        import_it(input_scale="0-1")
    assert list_runs(models) == ()


def test_a_folder_dropped_into_the_models_becomes_a_run_in_its_place(trained, small, models):
    dropped = models / "dropped"
    dropped.mkdir(parents=True)
    trained().save(dropped / "model-05.keras")
    assert is_importable(dropped)
    (refused,) = list_runs(models)
    assert refused.state == "refused"
    assert "mnist-lens import" in refused.reason
    run = import_run(dropped, small, models=models).run
    assert run.name == "dropped"
    assert not is_importable(dropped)
    assert [run.state for run in list_runs(models)] == ["imported"]
    assert (dropped / "originals" / "model-05.keras").exists()


def test_an_import_that_fails_leaves_nothing_behind(trained, theirs, small, models, monkeypatch):
    trained().save(theirs / "epoch-1.keras")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    dropped = shutil.copytree(theirs, models / "dropped")
    monkeypatch.setattr("mnist_core.runs.write_history", full)
    for source in (theirs, dropped):
        with pytest.raises(RunError, match="No space left"):
            import_run(source, small, models=models)
    assert [file.name for file in models.rglob("*")] == ["dropped", "epoch-1.keras"]


def test_bad_wishes_are_one_clear_error(trained, theirs, import_it, small, models, make_run):
    with pytest.raises(RunError, match=r"Received: none\."):
        import_it()
    with pytest.raises(RunError, match="does not exist"):
        import_run(theirs / "nowhere", small, models=models)
    with pytest.raises(RunError, match="0-255, 0-1, -1-1, standardised"):
        import_it(input_scale="0-7")
    trained().save(theirs / "epoch-1.keras")
    make_run(models, "taken")
    with pytest.raises(RunError, match="taken, which exists"):
        import_it(name="taken")


@pytest.mark.parametrize("text", ["", "epoch\n", "a,b\n1,2\n", "epoch,loss\n0,1\n7,2\n"])
def test_a_log_that_is_none_is_listed(trained, theirs, import_it, text):
    trained().save(theirs / "epoch-1.keras")
    (theirs / "log.csv").write_text(text)
    (line,) = import_it().left_out
    assert line.startswith("log.csv")


def test_the_originals_are_not_needed_any_more(trained, theirs, import_it, small):
    trained().save(theirs / "epoch-1.keras")
    run = import_it().run
    shutil.rmtree(theirs)
    assert predict(run.checkpoint(1).path, small.split("test").images).shape == (100, 10)


def test_the_event_files_of_two_trainings_are_not_mixed(trained, theirs, import_it):
    import tensorflow as tf

    for part in ("one", "two"):
        with tf.summary.create_file_writer(str(theirs / part / "train")).as_default():
            tf.summary.write("epoch_loss", tf.constant(1.0), step=0)
    trained().save(theirs / "model.keras")
    (line,) = import_it().left_out
    assert "one/train, two/train" in line


@pytest.mark.parametrize(
    ("file", "epoch"),
    [
        ("lenet5.keras", 4),
        ("model-20240131.keras", 4),
        ("cnn3-epoch-2.keras", 2),
        ("cp_0003.keras", 3),
        ("my model.keras", 4),
    ],
)
def test_the_epoch_is_what_a_name_says_or_the_last_of_the_log(
    trained, theirs, import_it, file, epoch
):
    trained().save(theirs / file)
    lines = [f"{number},{1 / (number + 1)}" for number in range(4)]
    (theirs / "log.csv").write_text("\n".join(["epoch,loss", *lines]))
    if "2024" in file:
        with pytest.raises(RunError, match="its epoch, up to 10,000"):
            import_it()
    else:
        run = import_it().run
        assert run.recorded_epochs == (epoch,)
        assert any(f"{file} as epoch {epoch}" in note for note in import_it(name="again").notes)


def test_a_run_of_ours_can_be_taken_elsewhere_and_imported_again(trained, theirs, import_it, small):
    trained().save(theirs / "epoch-01.keras")
    first = import_it(name="first").run
    shutil.copy(first.checkpoint(1).path, theirs / "epoch-01.keras")
    second = import_it(name="second").run
    images = small.split("test").images
    np.testing.assert_allclose(
        predict(first.checkpoint(1).path, images),
        predict(second.checkpoint(1).path, images),
        atol=1e-5,
    )


def test_a_link_in_the_models_folder_is_not_moved(trained, theirs, small, models):
    trained().save(theirs / "epoch-1.keras")
    models.mkdir()
    (models / "linked").symlink_to(theirs)
    with pytest.raises(RunError, match="a link"):
        import_run(theirs, small, models=models, name="linked")
    assert (theirs / "epoch-1.keras").exists()


def test_a_dropped_folder_that_cannot_name_a_run_is_told_so(trained, models):
    dropped = models / "my model"
    dropped.mkdir(parents=True)
    trained().save(dropped / "epoch-1.keras")
    with pytest.raises(RunError, match="Choose a plainer name"):
        import_dropped(dropped)
    assert (dropped / "epoch-1.keras").exists()


@pytest.mark.parametrize(
    "text",
    ["epoch,loss\n0,1,2,3\n", "epoch,loss\nnan,1\n", "epoch,loss\ninf,1\n", "epoch,acc\n0,98.2\n"],
)
def test_a_strange_log_never_stops_an_import(trained, theirs, import_it, text):
    trained().save(theirs / "epoch-1.keras")
    (theirs / "log.csv").write_text(text)
    imported = import_it()
    assert imported.run.recorded_epochs == (1,)
