"""The model of one epoch of a run."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mnist_core import safe_files
from mnist_core.errors import CheckpointError, FileRefusedError

MOST_BYTES = 500_000_000
"""Of a model's file, larger than any that can be opened (see `model_files`)."""


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
            CheckpointError: The file has gone, or is none that can be opened.
        """
        try:
            with safe_files.opened(self.path, most_bytes=MOST_BYTES) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileRefusedError as error:
            raise CheckpointError(str(error)) from error
        except OSError as error:
            raise CheckpointError(
                f"Expected the model of epoch {self.epoch} of {self.run}. Received: "
                f"{self.path.name} cannot be read ({error.strerror}). Choose another epoch."
            ) from error


def checkpoint_path(folder: Path, epoch: int) -> Path:
    """Where the model of `epoch`, counted from 1, lies in a run's folder."""
    return folder / f"epoch-{epoch:02d}.keras"
