"""The model of one epoch of a run."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from mnist_core.errors import CheckpointError, FileRefusedError
from mnist_core.files import content

MOST_BYTES = 500_000_000
"""Of a model's file, larger than any that can be opened (see `model_files`)."""


@dataclass(frozen=True)
class Checkpoint:
    """The model as it was after one epoch of a run.

    Attributes:
        run: Name of the run.
        epoch: Counted from 1.
        path: The `.keras` file.
        n_classes: Number of classes it tells apart; `None` where unknown.
    """

    run: str
    epoch: int
    path: Path
    n_classes: int | None = None

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the file, as 64 hexadecimal digits.

        Raises:
            CheckpointError: The file has gone, or is none that can be opened.
        """
        try:
            return content.fingerprint(self.path, most_bytes=MOST_BYTES)
        except FileRefusedError as error:
            raise CheckpointError(str(error)) from error
        except OSError as error:
            raise CheckpointError(
                f"Expected the model of epoch {self.epoch} of {self.run}. Received: "
                f"{self.path.name} cannot be read ({error.strerror}). Choose another epoch."
            ) from error

    def is_as_it_was(self) -> bool:
        """Whether the file is still the one of `fingerprint`; only then its answers may be kept."""
        try:
            return replace(self).fingerprint == self.fingerprint
        except CheckpointError:
            return False


def checkpoint_path(folder: Path, epoch: int) -> Path:
    """Where the model of `epoch`, counted from 1, lies in a run's folder."""
    return folder / f"epoch-{epoch:02d}.keras"
