"""Runs as they lie in the models folder: what they are, their history and their checkpoints."""

import csv
import fcntl
import hashlib
import json
import math
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np

from mnist_core import atomic
from mnist_core.arrays import read_only
from mnist_core.damage import READING_ERRORS
from mnist_core.datasets import Split
from mnist_core.errors import CheckpointError, RunError
from mnist_core.evaluation import Answers, Output
from mnist_core.model_files import model_files_in

State = Literal["training", "finished", "stopped", "imported", "refused"]
_DAMAGED_DETAILS = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,  # a number that is infinite
    RecursionError,  # JSON within JSON within JSON
    csv.Error,
)
RECORDED_SPLITS = ("validation", "test")
"""The splits whose every image's answer after every epoch is kept in epochs.npz."""

NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class EpochRecord:
    """One line of a run's history.

    Attributes:
        epoch: Counted from 1.
        loss: Mean cross-entropy over the epoch's training batches, in nats; of a linear model mean
            hinge loss after the epoch.
        accuracy: Share of training images classified right, over the same, 0–1.
        validation_loss: As `loss`, after the epoch on the validation split.
        validation_accuracy: Share of validation images classified right after the epoch, 0–1.
        seconds: Wall-clock time of the epoch, without evaluating validation and test and saving.

    Of imported runs all but the epoch can be NaN: unknown.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


_HISTORY_COLUMNS = tuple(field.name for field in fields(EpochRecord))


@dataclass(frozen=True)
class Checkpoint:
    """The model as it was after one epoch of a run.

    Attributes:
        run: Name of the run.
        epoch: Counted from 1.
        path: The `.keras` file.
    """

    run: str
    epoch: int
    path: Path

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the file, as 64 hexadecimal digits.

        Raises:
            CheckpointError: The file has gone.
        """
        try:
            return hashlib.sha256(self.path.read_bytes()).hexdigest()
        except OSError as error:
            raise CheckpointError(
                f"Expected the model of epoch {self.epoch} of {self.run}. Received: "
                f"{self.path.name} cannot be read ({error.strerror}). Choose another epoch."
            ) from error


@dataclass(frozen=True)
class Run:
    """One training, a folder in the models folder.

    Attributes:
        name: Name of the folder.
        folder: Where it lies.
        state: A `training` whose process is gone reads as `stopped`; what cannot be read is
            `refused`.
        reason: Why it was refused, else `None`.
        recipe: Name of its recipe; empty where unknown.
        parameters: Weights and biases of the model, `None` where unknown.
        output: Whether its models answer with probabilities or with scores.
        history: One record per whole epoch, from epoch 1 on.
        test_accuracy: Share of the test split classified right after the best epoch, 0–1; `None`
            where unknown.
        recorded_epochs: The epochs, counted from 1, of which epochs.npz holds the answers, if it
            is there.
        measured: Of an imported run, validation accuracy (0–1) of the epochs that have a model;
            its history may come from elsewhere. Empty for a run trained here.
        fingerprints: Of the splits that epochs.npz answers to and that it was trained on, by name.
        n_classes: Number of classes its models tell apart.
        details: All of run.json: seed, hyperparameters, data, versions, times.
    """

    name: str
    folder: Path
    state: State
    reason: str | None = None
    recipe: str = ""
    parameters: int | None = None
    output: Output = "probabilities"
    history: tuple[EpochRecord, ...] = ()
    test_accuracy: float | None = None
    recorded_epochs: tuple[int, ...] = ()
    measured: Mapping[int, float] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    n_classes: int = 10
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def best_epoch(self) -> int | None:
        """See `best_of`; of an imported run the one that was measured to be best."""
        if self.measured:
            return max(self.measured, key=lambda epoch: (self.measured[epoch], -epoch))
        return best_of(self.history)

    @property
    def validation_accuracy(self) -> float | None:
        """Share of the validation split classified right after the best epoch, 0–1."""
        best = self.best_epoch
        if best is None:
            return None
        return self.measured.get(best, self.history[best - 1].validation_accuracy)

    @property
    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """The epochs whose model file is there, in order."""
        candidates = (
            Checkpoint(self.name, record.epoch, checkpoint_path(self.folder, record.epoch))
            for record in self.history
        )
        return tuple(checkpoint for checkpoint in candidates if checkpoint.path.is_file())

    def has_checkpoint(self, epoch: int) -> bool:
        """Whether the model of that epoch is there."""
        return 1 <= epoch <= len(self.history) and checkpoint_path(self.folder, epoch).is_file()

    def checkpoint(self, epoch: int) -> Checkpoint:
        """The model of one epoch.

        Raises:
            CheckpointError: Its file is not there.
        """
        if self.has_checkpoint(epoch):
            return Checkpoint(self.name, epoch, checkpoint_path(self.folder, epoch))
        there = ", ".join(str(checkpoint.epoch) for checkpoint in self.checkpoints) or "none"
        raise CheckpointError(
            f"{self.name} has no checkpoint of epoch {epoch}; those kept: {there}. "
            "Choose one of these."
        )

    def has_answers_to(self, split: Split) -> bool:
        """Whether its answers to these very images after every recorded epoch were kept."""
        is_recorded = split.name in RECORDED_SPLITS and (self.folder / "epochs.npz").exists()
        return is_recorded and self.fingerprints.get(split.name) == split.fingerprint


@dataclass(frozen=True, eq=False)
class EpochPredictions:
    """What a run answered to every image of one split after each epoch; read-only.

    Attributes:
        epochs: The epoch, counted from 1, that each row belongs to.
        predicted: Class predicted. `uint8`, shape `(epochs, n)`.
        confidence: Its probability, 0–1. `float16`, shape `(epochs, n)`.
    """

    epochs: tuple[int, ...]
    predicted: np.ndarray
    confidence: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "predicted", read_only(self.predicted))
        object.__setattr__(self, "confidence", read_only(self.confidence))

    def over_epochs(self, y_true: np.ndarray, run: Run) -> list[Answers]:
        """The answers after each epoch to images of these true classes, `uint8`, shape `(n,)`."""
        return [self.after(epoch, y_true, run) for epoch in self.epochs]

    def after(self, epoch: int, y_true: np.ndarray, run: Run) -> Answers:
        """The answers after one of `epochs`."""
        row = self.epochs.index(epoch)
        predicted, confidence = self.predicted[row], self.confidence[row]
        return Answers(y_true, predicted, confidence, run.n_classes, run.output)


def best_of(history: Sequence[EpochRecord]) -> int | None:
    """The epoch of the highest validation accuracy; of equals the one with the lowest loss.

    `None` before the first epoch and where validation accuracy is not known of any.
    """
    known = [record for record in history if not math.isnan(record.validation_accuracy)]
    if not known:
        return None
    return max(known, key=lambda r: (r.validation_accuracy, -r.validation_loss, -r.epoch)).epoch


def checkpoint_path(folder: Path, epoch: int) -> Path:
    """Where the model of `epoch`, counted from 1, lies in a run's folder."""
    return folder / f"epoch-{epoch:02d}.keras"


def list_runs(models: Path) -> tuple[Run, ...]:
    """All runs in a models folder by name; what cannot be read has state `refused` and a reason."""
    if not models.is_dir():
        return ()
    folders = sorted(entry for entry in models.iterdir() if entry.is_dir())
    runs = []
    for folder in folders:
        if folder.name.startswith("."):
            continue
        try:
            runs.append(read_run(models, folder.name))
        except RunError as error:
            runs.append(Run(folder.name, folder, "refused", reason=str(error)))
    return tuple(runs)


def read_run(models: Path, name: str) -> Run:
    """Read one run.

    Raises:
        RunError: There is no such run, or its run.json or history.csv is damaged.
    """
    folder = run_folder(models, name)
    if not folder.is_dir():
        names = ", ".join(run.name for run in list_runs(models)) or "none yet"
        raise RunError(f"Expected a run in {models.name}/. Received: {name!r}; there are: {names}.")
    try:
        details = json.loads((folder / "run.json").read_text())
        state = details["state"]
        if state not in get_args(State):
            raise ValueError(f"state {state!r}")
        if state == "training" and not is_in_use(folder):
            state = "stopped"
        history = read_history(folder)
        recorded = _epochs_in(details.get("recorded_epochs"), history)
        measured = [float(share) for share in details.get("measured_validation", ())]
        return Run(
            name=name,
            folder=folder,
            state=state,
            recipe=str(details["recipe"]),
            parameters=_count_or_none(details["parameters"]),
            output=_output(details.get("output", "probabilities")),
            history=history,
            test_accuracy=_share_or_none(details["test_accuracy"]),
            recorded_epochs=recorded,
            measured=dict(zip(recorded, measured, strict=True)) if measured else {},
            fingerprints=dict(details.get("data", {}).get("fingerprints", {})),
            n_classes=int(details.get("n_classes", 10)),
            details=MappingProxyType(details),
        )
    except FileNotFoundError as error:
        if model_files_in(folder) and not (folder / "run.json").exists():
            raise RunError(
                f"Expected the file run.json in the run {name}. Received: models alone. Make a run "
                f"of them: mnist-lens import {models.name}/{name}"
            ) from error
        raise RunError(
            f"Expected the file {Path(error.filename).name} in the run {name}. Received: it is not "
            "there. Remove the folder, or train the run again."
        ) from error
    except _DAMAGED_DETAILS as error:
        raise RunError(
            f"Expected a run.json and a history.csv of MNIST Lens in {name}. Received: damaged "
            f"ones ({error}). Remove the folder, or train the run again."
        ) from error


def run_folder(models: Path, name: str) -> Path:
    """The folder of a run, which need not exist.

    Raises:
        RunError: `name` is not a plain folder name.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise RunError(
            "Expected a run's name of up to 64 letters, digits, dots, dashes and underscores. "
            f"Received: {name[:80]!r}. Choose a plainer name."
        )
    return models / name


def read_history(folder: Path) -> tuple[EpochRecord, ...]:
    """The records of history.csv, which must count epochs from 1 without a gap.

    Raises:
        OSError: The file cannot be read.
        ValueError: A line is not an epoch's.
    """
    with (folder / "history.csv").open(newline="", encoding="utf-8") as file:
        records = tuple(
            EpochRecord(
                epoch=int(line["epoch"]),
                **{name: float(line[name]) for name in _HISTORY_COLUMNS[1:]},
            )
            for line in csv.DictReader(file)
        )
    if [record.epoch for record in records] != list(range(1, len(records) + 1)):
        raise ValueError("history.csv does not count its epochs from 1")
    return records


def write_history(folder: Path, history: Sequence[EpochRecord]) -> None:
    """Write history.csv, whole or not at all."""
    lines = [",".join(_HISTORY_COLUMNS)]
    lines += [",".join(repr(value) for value in asdict(record).values()) for record in history]
    atomic.write_text(folder / "history.csv", "\n".join(lines) + "\n")


def write_details(folder: Path, details: Mapping[str, Any]) -> None:
    """Write run.json, whole or not at all."""
    atomic.write_text(folder / "run.json", json.dumps(details, indent=2) + "\n")


def read_epoch_predictions(run: Run, split: str) -> EpochPredictions | None:
    """What the run answered to every image of `split` after each whole epoch.

    Returns:
        `None` where the run has not recorded that split.

    Raises:
        RunError: epochs.npz is damaged.
    """
    path = run.folder / "epochs.npz"
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            if f"{split}_predicted" not in stored:
                return None
            # A kill between two files can leave one epoch more here than in the history.
            n_epochs = len(run.recorded_epochs)
            predicted = stored[f"{split}_predicted"][:n_epochs]
            confidence = stored[f"{split}_confidence"][:n_epochs]
    except (*READING_ERRORS, KeyError) as error:
        raise RunError(
            f"Expected predictions of every epoch in epochs.npz of {run.name}. Received: a damaged "
            f"file ({error}). Train the run again."
        ) from error
    return EpochPredictions(run.recorded_epochs[: len(predicted)], predicted, confidence)


def add_answers(recorded: dict[str, list[np.ndarray]], split: str, answers: Answers) -> None:
    """Add what a model answered to a split after one more epoch.

    Args:
        recorded: By name in epochs.npz, an array for each epoch; changed in place.
        split: Name of the split.
        answers: To every image of it.
    """
    recorded.setdefault(f"{split}_predicted", []).append(answers.y_pred.astype(np.uint8))
    recorded.setdefault(f"{split}_confidence", []).append(answers.confidence.astype(np.float16))


def write_epoch_predictions(folder: Path, recorded: Mapping[str, Sequence[np.ndarray]]) -> None:
    """Write epochs.npz (see `add_answers`), whole or not at all."""
    with atomic.replacing(folder / "epochs.npz") as part:
        stacked = {name: np.stack(epochs) for name, epochs in recorded.items()}
        np.savez_compressed(part, allow_pickle=False, **stacked)


@contextmanager
def hidden_folder(folder: Path) -> Iterator[Path]:
    """Make a folder beside a run's to fill with its files; nobody lists it until it is renamed.

    Raises:
        RunError: It, or something in the block, cannot be written.
    """
    new = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        new.mkdir(parents=True)
        yield new
    except OSError as error:
        raise RunError(
            f"Expected a writable models folder. Received: {folder.parent.name}/ is not "
            f"({error.strerror}). Name another one in MNIST_LENS_MODELS."
        ) from error


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Hold the run's lock, which the system lets go when the process ends, however it ends.

    Raises:
        RunError: Another process holds it, or the folder cannot be written to.
    """
    try:
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise RunError(
            f"Expected to write to the run {folder.name}. Received: {error.strerror}. "
            "Name a writable folder in MNIST_LENS_MODELS."
        ) from error
    try:
        try:
            _lock(descriptor)
        except BlockingIOError as error:
            raise RunError(
                f"Expected the run {folder.name} to be free. Received: another process is training "
                "it. Wait for it to end, or choose another --name."
            ) from error
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, seconds: float = 1.0) -> None:
    """Take the lock; a reader who looks whether it is free holds it for a moment."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def is_in_use(folder: Path) -> bool:
    """Whether a living process trains the run."""
    try:
        descriptor = os.open(folder / ".lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        # The shared lock is free when nobody trains, and readers do not disturb each other.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _epochs_in(listed: object, history: Sequence[EpochRecord]) -> tuple[int, ...]:
    """The epochs that a list names, all of the history without one."""
    epochs = tuple(record.epoch for record in history)
    if listed is None:
        return epochs
    named = tuple(int(epoch) for epoch in listed)  # type: ignore[attr-defined]
    if not set(named) <= set(epochs):
        raise ValueError(f"recorded epochs {named[:20]}")
    return named


def _output(value: object) -> Output:
    for known in get_args(Output):
        if value == known:
            return known
    raise ValueError(f"output {value!r}")


def _count_or_none(value: object) -> int | None:
    return None if value is None else int(value)  # type: ignore[call-overload]


def _share_or_none(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
