"""What a run answered after each epoch, in epochs.npz."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from mnist_core.answers.evaluation import Answers
from mnist_core.arrays import read_only
from mnist_core.errors import RunError
from mnist_core.files import atomic, safe_files, zip_files
from mnist_core.files.damage import READING_ERRORS, complaint
from mnist_core.files.npy_header import read_npy_header
from mnist_core.runs.run import Run

MOST_BYTES = 64_000_000
"""Of epochs.npz, and of each array in it once it is unpacked: 3,000 epochs of 10,000 images."""

DTYPES = (np.uint8, np.float16)


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


def read_epoch_predictions(run: Run, split: str) -> EpochPredictions | None:
    """What the run answered to every image of `split` after each whole epoch.

    Returns:
        `None` where the run has not recorded that split.

    Raises:
        RunError: epochs.npz is damaged or too large.
    """
    stored = read_stored_answers(run.folder, split)
    return None if stored is None else stored.of(run)


@dataclass(frozen=True, eq=False)
class StoredAnswers:
    """What epochs.npz holds of one split, which can be one epoch more than the history; read-only.

    Attributes:
        predicted: Class predicted. `uint8`, shape `(epochs, n)`.
        confidence: Its probability, 0–1, or its score. `float16`, shape `(epochs, n)`.
    """

    predicted: np.ndarray
    confidence: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "predicted", read_only(self.predicted))
        object.__setattr__(self, "confidence", read_only(self.confidence))

    def of(self, run: Run) -> EpochPredictions:
        """Those of the epochs that the run knows of.

        Between the two writes that end an epoch, and after a kill there, is one more.
        """
        epochs = run.recorded_epochs[: len(self.predicted)]
        n_epochs = len(epochs)
        return EpochPredictions(epochs, self.predicted[:n_epochs], self.confidence[:n_epochs])


def read_stored_answers(folder: Path, split: str) -> StoredAnswers | None:
    """What epochs.npz of a run's folder holds of one split; `None` where it holds nothing.

    Raises:
        RunError: It is damaged, or promises more than `MOST_BYTES`.
    """
    try:
        with safe_files.opened(folder / "epochs.npz", most_bytes=MOST_BYTES) as file:
            arrays = _read_arrays(file, split)
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise RunError(
            f"Expected to read epochs.npz of {folder.name}. Received: {error.strerror}. Give the "
            "user that runs MNIST Lens the right to read it."
        ) from error
    except READING_ERRORS as error:
        raise RunError(
            f"Expected predictions of every epoch in epochs.npz of {folder.name}. Received: a "
            f"damaged file ({complaint(error)}). Put an intact copy in its place, or train a new "
            "run."
        ) from error
    return None if arrays is None else StoredAnswers(*arrays)


def _read_arrays(file: BinaryIO, split: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Classes and confidences of a split, unpacked once it is known how large they are."""
    names = [f"{split}_{what}.npy" for what in ("predicted", "confidence")]
    zip_files.check(file)
    with zipfile.ZipFile(file) as archive:
        if names[0] not in archive.namelist():
            return None
        shapes = [
            _promised(archive, name, dtype) for name, dtype in zip(names, DTYPES, strict=True)
        ]
        if shapes[0] != shapes[1]:
            raise ValueError(f"classes of shape {shapes[0]}, confidences of shape {shapes[1]}")
        predicted, confidence = (_array(archive, name) for name in names)
    return predicted, confidence


def _promised(archive: zipfile.ZipFile, name: str, dtype: type) -> tuple[int, ...]:
    """The shape that an array's header promises, if the array may be unpacked."""
    if name not in archive.namelist():
        raise ValueError(f"there is no {name}")
    header = read_npy_header(archive, name)
    if len(header.shape) != 2 or header.dtype != dtype:
        raise ValueError(f"{name} is {header.dtype} of shape {header.shape}")
    n_bytes = header.n_bytes
    if n_bytes != header.held:
        raise ValueError(f"{name} promises {n_bytes:,} bytes and has {header.held:,}")
    if n_bytes > MOST_BYTES:
        raise ValueError(f"{name} promises {n_bytes:,} bytes, at most {MOST_BYTES:,} are read")
    return header.shape


def _array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with archive.open(name) as member:
        return np.lib.format.read_array(member, allow_pickle=False)


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
