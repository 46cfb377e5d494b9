"""Trains a recipe on a data set into a run that a kill at any moment leaves whole and resumable."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_core import atomic, runs
from mnist_core.damage import READING_ERRORS
from mnist_core.datasets import Dataset, Split
from mnist_core.errors import RecipeError, RunError
from mnist_core.evaluation import Evaluation
from mnist_core.prediction import compile_for_prediction, predict_in_batches
from mnist_core.recipes import Recipe, find_recipe
from mnist_core.runs import EpochRecord, Run

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

STEPS_PER_EXECUTION = 20
"""Steps that TensorFlow takes without returning to Python; 0.7 of the time of one by one."""

_RESUME_FILE = ".resume.npz"


@dataclass(frozen=True)
class Progress:
    """How far a training has come.

    Attributes:
        epoch: The epoch under way, counted from 1.
        max_epochs: Where it ends at the latest.
        step: Batches done in this epoch.
        steps: Batches in an epoch.
        seconds_left: Estimate until `max_epochs`.
        finished: The record of the epoch, once it has been saved; else `None`.
    """

    epoch: int
    max_epochs: int
    step: int
    steps: int
    seconds_left: float
    finished: EpochRecord | None = None


def train(
    recipe: Recipe,
    dataset: Dataset,
    *,
    models: Path,
    name: str,
    seed: int = 0,
    max_epochs: int | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Run:
    """Train a new run from scratch.

    After each epoch the model, the answers to every validation and test image and a line of
    history are saved. The same seed gives the same history on the same machine.

    Args:
        recipe: What to train.
        dataset: Needs the splits `train` and `validation`; `test` is recorded where it exists.
        models: The models folder.
        name: Of the new run.
        seed: For the first weights, the order of the images and dropout. ≥ 0.
        max_epochs: In place of the recipe's.
        on_progress: Called several times a second.

    Raises:
        DatasetError: The data set lacks a split.
        RecipeError: `max_epochs` or `seed` is out of range.
        RunError: The name is taken or the folder cannot be written to.
    """
    dataset.split("train"), dataset.split("validation")
    if max_epochs is not None and max_epochs < 1:
        raise RecipeError(f"Expected one or more epochs. Received: {max_epochs}. Train for longer.")
    if not 0 <= seed < 2**32:
        raise RecipeError(f"Expected a seed from 0 to 2³²−1. Received: {seed}. Choose another.")
    recipe = replace(recipe, max_epochs=max_epochs or recipe.max_epochs)
    new = _create(models, name, _first_details(recipe, dataset, name=name, seed=seed))
    folder = runs.run_folder(models, name)
    # The lock goes along with the folder: the run is in use from the moment it can be seen.
    with runs.in_use(new):
        _show(new, folder)
        _Training(recipe, dataset, folder=folder, seed=seed, on_progress=on_progress).run()
    return runs.read_run(models, name)


def resume(
    dataset: Dataset,
    *,
    models: Path,
    name: str,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Run:
    """Go on with a stopped run from its last whole epoch, to the result it would have had.

    Raises:
        RunError: There is no such run, it is finished or in use, or it was trained on other images.
    """
    run = runs.read_run(models, name)
    if run.state == "training":
        raise RunError(f"The run {name} is being trained by another process. Wait for it to end.")
    if run.state != "stopped":
        raise RunError(f"Expected a stopped run. Received: {name}, which is {run.state}.")
    if run.details["data"]["fingerprints"] != _fingerprints(dataset):
        raise RunError(
            f"Expected the images that {name} was trained on ({run.details['data']['source']}). "
            f"Received: others ({dataset.source}). Name the same --data."
        )
    # As the run began, whatever the recipe of that name says today.
    began = run.details["hyperparameters"]
    kept = {name: began[name] for name in ("optimizer", "batch_size", "max_epochs", "patience")}
    recipe, seed = replace(find_recipe(run.recipe), **kept), run.details["seed"]
    with runs.in_use(run.folder):
        _Training(recipe, dataset, folder=run.folder, seed=seed, on_progress=on_progress).run()
    return runs.read_run(models, name)


def free_name(models: Path, wanted: str) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` … where that is taken."""
    name, number = wanted, 1
    while runs.run_folder(models, name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def newest_stopped_run(models: Path, recipe: str) -> Run:
    """The run of that recipe that was started last and can be resumed.

    Raises:
        RunError: There is none.
    """
    stopped = [r for r in runs.list_runs(models) if r.recipe == recipe and r.state == "stopped"]
    if not stopped:
        raise RunError(f"Expected a stopped run of {recipe} to resume. Received: there is none.")
    return max(stopped, key=lambda run: run.details["started"])


def _create(models: Path, name: str, details: dict[str, Any]) -> Path:
    """Make a folder with a run's first files, hidden until it is renamed."""
    folder = runs.run_folder(models, name)
    if folder.exists():
        raise RunError(f"Expected a new name. Received: {name}, which exists. Choose another.")
    try:
        models.mkdir(parents=True, exist_ok=True)
        new = models / f".{name}.{secrets.token_hex(4)}"
        new.mkdir()
        runs.write_history(new, ())
        runs.write_details(new, details)
    except OSError as error:
        raise RunError(
            f"Expected a writable models folder. Received: {models.name}/ is not "
            f"({error.strerror}). Name another one in MNIST_LENS_MODELS."
        ) from error
    return new


def _show(new: Path, folder: Path) -> None:
    """Give a new run its name, unless another process has just taken it."""
    try:
        new.rename(folder)
    except OSError as error:
        shutil.rmtree(new)
        raise RunError(
            f"Expected a new name. Received: {folder.name}, which has just been taken "
            f"({error.strerror}). Choose another."
        ) from error


def _first_details(recipe: Recipe, dataset: Dataset, *, name: str, seed: int) -> dict[str, Any]:
    packages = ("keras", "tensorflow", "numpy")
    return {
        "name": name,
        "recipe": recipe.name,
        "parameters": recipe.parameters,
        "hyperparameters": {
            "optimizer": recipe.optimizer,
            "loss": "sparse categorical cross-entropy",
            "batch_size": recipe.batch_size,
            "max_epochs": recipe.max_epochs,
            "patience": recipe.patience,
        },
        "seed": seed,
        "data": {
            "name": dataset.name,
            "source": dataset.source,
            "sizes": {split: len(images) for split, images in dataset.splits.items()},
            "fingerprints": _fingerprints(dataset),
        },
        "versions": {"python": platform.python_version()}
        | {package: importlib.metadata.version(package) for package in packages},
        "started": _now(),
        "ended": None,
        "state": "training",
        "best_epoch": None,
        "validation_accuracy": None,
        "test_accuracy": None,
    }


def _fingerprints(dataset: Dataset) -> dict[str, str]:
    return {name: split.fingerprint for name, split in dataset.splits.items()}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class _Training:
    """One training under way: the model, and what has been recorded so far.

    The resume file is the one point of truth: it holds the history too, and is written after the
    epoch's other files. What lies beside it from a later, unfinished epoch is written anew.
    """

    def __init__(
        self,
        recipe: Recipe,
        dataset: Dataset,
        *,
        folder: Path,
        seed: int,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.recipe, self.dataset, self.folder, self.seed = recipe, dataset, folder, seed
        self.on_progress = on_progress
        self.history: list[EpochRecord] = []
        self.answers: dict[str, list[np.ndarray]] = {}

    def run(self) -> None:
        """Train to the end, or raise with the run left `stopped` and resumable."""
        import keras
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(self.seed)
        self.model = self.recipe.build()
        self.model.compile(
            optimizer=self.recipe.optimizer,
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
            steps_per_execution=STEPS_PER_EXECUTION,
            jit_compile=False,  # on a CPU it makes an epoch four times as slow
        )
        # A second model on the same layers, not compiled: saved without optimizer state.
        self.saved_model = keras.Model(self.model.inputs, self.model.outputs, name=self.model.name)
        self.predict = compile_for_prediction(self.model)
        try:
            self._remove_parts()
            self._restore()
            self._update_details(state="training", ended=None)
            if not self._is_done():
                self._fit()
            self._update_details(state="finished", ended=_now())
        except OSError as error:
            with suppress(OSError):  # on a full disk there is no room for this either
                self._update_details(state="stopped", ended=_now())
            raise RunError(
                f"Expected to save the run {self.folder.name}. Received: {error.strerror}. Make "
                "room or give permission, then go on with --resume."
            ) from error
        except BaseException:
            self._update_details(state="stopped", ended=_now())
            raise
        (self.folder / _RESUME_FILE).unlink(missing_ok=True)

    def _fit(self) -> None:
        import keras

        split = self.dataset.split("train")
        steps = -(-len(split) // self.recipe.batch_size)
        images_in_order, epoch_variable = _epochs_of(split, self.recipe.batch_size, self.seed)
        clock = _Clock(steps, self.recipe.max_epochs, first_epoch=len(self.history) + 1)

        def begin(epoch: int, logs: object = None) -> None:
            epoch_variable.assign(epoch + 1)
            clock.begin(epoch + 1)

        def step(step: int, logs: object = None) -> None:
            # Keras counts whole executions, the last of which may have fewer steps.
            self.on_progress(clock.progress(min(step + 1, steps)))

        def end(epoch: int, logs: dict[str, float]) -> None:
            self._record(epoch + 1, logs, seconds=clock.seconds())
            self.on_progress(replace(clock.progress(steps), finished=self.history[-1]))
            self.model.stop_training = self._is_done()

        callback = keras.callbacks.LambdaCallback(
            on_epoch_begin=begin, on_train_batch_end=step, on_epoch_end=end
        )
        self.model.fit(
            images_in_order,
            initial_epoch=len(self.history),
            epochs=self.recipe.max_epochs,
            shuffle=False,
            callbacks=[callback],
            verbose=0,
        )

    def _is_done(self) -> bool:
        if len(self.history) >= self.recipe.max_epochs:
            return True
        if self.recipe.patience is None or not self.history:
            return False
        accuracies = [record.validation_accuracy for record in self.history]
        epochs_since_best = len(accuracies) - 1 - accuracies.index(max(accuracies))
        return epochs_since_best >= self.recipe.patience

    def _record(self, epoch: int, logs: dict[str, float], *, seconds: float) -> None:
        validation = self._evaluate("validation")
        self._remember("validation", validation)
        if "test" in self.dataset.splits:
            self._remember("test", self._evaluate("test"))
        self.history.append(
            EpochRecord(
                epoch=epoch,
                loss=round(float(logs["loss"]), 6),
                accuracy=round(float(logs["accuracy"]), 6),
                validation_loss=round(float(validation.loss.mean()), 6),
                validation_accuracy=validation.accuracy,
                seconds=round(seconds, 2),
            )
        )
        with atomic.replacing(runs.checkpoint_path(self.folder, epoch)) as part:
            self.saved_model.save(part)
        self._save_answers()
        self._save_state()
        runs.write_history(self.folder, self.history)
        self._update_details(**self._best())

    def _evaluate(self, name: str) -> Evaluation:
        split = self.dataset.split(name)
        return Evaluation(split.labels, predict_in_batches(self.predict, split.images))

    def _remember(self, name: str, evaluation: Evaluation) -> None:
        predicted = evaluation.y_pred.astype(np.uint8)
        confidence = evaluation.confidence.astype(np.float16)
        self.answers.setdefault(f"{name}_predicted", []).append(predicted)
        self.answers.setdefault(f"{name}_confidence", []).append(confidence)

    def _best(self) -> dict[str, Any]:
        best = max(self.history, key=lambda r: (r.validation_accuracy, -r.epoch))
        test_accuracy = None
        if "test" in self.dataset.splits:
            predicted = self.answers["test_predicted"][best.epoch - 1]
            test_accuracy = float(np.mean(predicted == self.dataset.split("test").labels))
        return {
            "best_epoch": best.epoch,
            "validation_accuracy": best.validation_accuracy,
            "test_accuracy": test_accuracy,
        }

    def _save_answers(self) -> None:
        with atomic.replacing(self.folder / "epochs.npz") as part:
            stacked = {name: np.stack(epochs) for name, epochs in self.answers.items()}
            np.savez_compressed(part, allow_pickle=False, **stacked)

    def _save_state(self) -> None:
        variables = {f"variable_{i}": v.numpy() for i, v in enumerate(self._variables())}
        history = json.dumps([asdict(record) for record in self.history])
        with atomic.replacing(self.folder / _RESUME_FILE) as part:
            np.savez(part, allow_pickle=False, history=np.array(history), **variables)

    def _restore(self) -> None:
        """Bring model, optimizer and records to where the resume file, if any, was written."""
        if not (self.folder / _RESUME_FILE).exists():
            return
        try:
            with np.load(self.folder / _RESUME_FILE, allow_pickle=False) as stored:
                self.history = [
                    EpochRecord(**record) for record in json.loads(str(stored["history"]))
                ]
                for i, variable in enumerate(self._variables()):
                    variable.assign(stored[f"variable_{i}"])
            with np.load(self.folder / "epochs.npz", allow_pickle=False) as stored:
                n_epochs = len(self.history)
                self.answers = {name: list(stored[name][:n_epochs]) for name in stored.files}
        except (*READING_ERRORS, KeyError) as error:
            raise RunError(
                f"Expected a {_RESUME_FILE} that can be read in {self.folder.name}. Received: a "
                f"damaged one ({error}). Remove the run and train it again."
            ) from error
        runs.write_history(self.folder, self.history)
        self._update_details(**self._best())

    def _variables(self) -> list[keras.Variable]:
        """All that changes in training: weights, states of random generators, optimizer."""
        self.model.optimizer.build(self.model.trainable_variables)
        return self.model.variables + self.model.optimizer.variables

    def _update_details(self, **changed: object) -> None:
        details = json.loads((self.folder / "run.json").read_text())
        runs.write_details(self.folder, details | changed)

    def _remove_parts(self) -> None:
        """Remove what a killed process was writing."""
        for part in self.folder.glob(".*"):
            if part.name not in (".lock", _RESUME_FILE):
                part.unlink()


class _Clock:
    """Measures an epoch and estimates the time left."""

    def __init__(self, steps: int, max_epochs: int, *, first_epoch: int) -> None:
        self.steps, self.max_epochs, self.first_epoch = steps, max_epochs, first_epoch
        self.started = time.monotonic()

    def begin(self, epoch: int) -> None:
        self.epoch, self.epoch_started = epoch, time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self.epoch_started

    def progress(self, step: int) -> Progress:
        done = (self.epoch - self.first_epoch) * self.steps + step
        left = (self.max_epochs - self.epoch + 1) * self.steps - step
        seconds_left = (time.monotonic() - self.started) / done * left
        return Progress(self.epoch, self.max_epochs, step, self.steps, seconds_left)


def _epochs_of(split: Split, batch_size: int, seed: int) -> tuple[tf.data.Dataset, tf.Variable]:
    """A data set that gives every image once, in an order that depends on seed and epoch alone.

    Returns:
        The batches, and the variable that holds the epoch, to be set before each pass.
    """
    import tensorflow as tf

    images, labels = tf.constant(split.images), tf.constant(split.labels)
    epoch_variable = tf.Variable(1, dtype=tf.int64)

    def order(_: tf.Tensor) -> tf.data.Dataset:
        key = tf.stack([tf.constant(seed, tf.int64), epoch_variable])
        shuffled = tf.random.experimental.stateless_shuffle(tf.range(len(split)), seed=key)
        return tf.data.Dataset.from_tensor_slices(shuffled).batch(batch_size)

    def gather(positions: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.gather(images, positions), tf.gather(labels, positions)

    n_batches = -(-len(split) // batch_size)
    batches = tf.data.Dataset.range(1).flat_map(order).map(gather)
    counted = batches.apply(tf.data.experimental.assert_cardinality(n_batches))
    return counted.prefetch(4), epoch_variable
