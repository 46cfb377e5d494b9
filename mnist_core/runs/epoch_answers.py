"""What a run answered after each epoch, in epochs.npz."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core import atomic
from mnist_core.arrays import read_only
from mnist_core.damage import READING_ERRORS
from mnist_core.errors import RunError
from mnist_core.evaluation import Answers
from mnist_core.runs.run import Run


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
