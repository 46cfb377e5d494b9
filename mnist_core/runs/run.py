"""One training, as it lies in a folder of the models folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mnist_core.answers.evaluation import Output
from mnist_core.datasets import Split
from mnist_core.errors import CheckpointError
from mnist_core.files.safe_files import is_regular
from mnist_core.runs.checkpoint import Checkpoint, checkpoint_path
from mnist_core.runs.details import Details, State
from mnist_core.runs.history import EpochRecord, best_of

RECORDED_SPLITS = ("validation", "test")
"""The splits whose every image's answer after every epoch is kept in epochs.npz."""


@dataclass(frozen=True)
class Run:
    """One training, a folder in the models folder.

    Attributes:
        name: Name of the folder; what cannot be seen of a refused one's is escaped.
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
        details: All that run.json says: seed, hyperparameters, data, versions, times.
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
    details: Details = field(default_factory=Details)

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
        """The epochs whose model file is there, in order; each a regular file."""
        names = _names_in(self.folder)
        candidates = (self._checkpoint(record.epoch) for record in self.history)
        return tuple(
            found for found in candidates if found.path.name in names and is_regular(found.path)
        )

    def has_checkpoint(self, epoch: int) -> bool:
        """Whether the model of that epoch is there."""
        path = checkpoint_path(self.folder, epoch)
        return 1 <= epoch <= len(self.history) and is_regular(path)

    def checkpoint(self, epoch: int) -> Checkpoint:
        """The model of one epoch.

        Raises:
            CheckpointError: Its file is not there.
        """
        if self.has_checkpoint(epoch):
            return self._checkpoint(epoch)
        there = ", ".join(str(checkpoint.epoch) for checkpoint in self.checkpoints) or "none"
        raise CheckpointError(
            f"{self.name} has no checkpoint of epoch {epoch}; those kept: {there}. "
            "Choose one of these."
        )

    def _checkpoint(self, epoch: int) -> Checkpoint:
        return Checkpoint(self.name, epoch, checkpoint_path(self.folder, epoch), self.n_classes)

    def is_maximum(self, epoch: int, split: Split) -> bool:
        """Whether an epoch's accuracy on a split is the highest of all, because it chose it."""
        return epoch == self.best_epoch and (
            self.fingerprints.get("validation") == split.fingerprint
        )

    def has_answers_to(self, split: Split) -> bool:
        """Whether its answers to these very images after every recorded epoch were kept."""
        is_recorded = split.name in RECORDED_SPLITS and is_regular(self.folder / "epochs.npz")
        return is_recorded and self.fingerprints.get(split.name) == split.fingerprint


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()  # the folder has gone, or may not be read any more
