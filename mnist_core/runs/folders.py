"""The folders in which runs lie, by their names."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mnist_core.errors import RunError
from mnist_core.formatting import visible

NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5")


def run_folder(models: Path, name: str) -> Path:
    """The folder of a run, which need not exist.

    Raises:
        RunError: `name` is not a plain folder name.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise RunError(
            "Expected a run's name of up to 64 letters, digits, dots, dashes and underscores. "
            f"Received: '{visible(name[:80])}'. Choose a plainer name."
        )
    return models / name


def run_folders(models: Path) -> list[Path]:
    """All folders in a models folder by name, hidden ones aside; none where it does not exist.

    Raises:
        RunError: The models folder may not be read.
    """
    try:
        with os.scandir(models) as entries:
            names = [e.name for e in entries if not e.name.startswith(".") and _is_folder(e)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise RunError(
            f"Expected to read the models folder {visible(str(models))}. Received: "
            f"{error.strerror}. Give the user that runs MNIST Lens the right to read it, or name "
            "another one in MNIST_LENS_MODELS."
        ) from error
    return [models / name for name in sorted(names)]


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return True  # a link to a folder that may not be read: listed, with the reason


def hidden_name(folder: Path) -> Path:
    """A path beside a run's folder, of a random name that nobody lists."""
    return folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")


@contextmanager
def hidden_folder(folder: Path, new: Path | None = None) -> Iterator[Path]:
    """Make a folder beside a run's to fill with its files; nobody lists it until it is renamed.

    Args:
        folder: Where the run is to lie.
        new: The folder to make, see `hidden_name`, if its name is to be known beforehand.

    Raises:
        RunError: It, or something in the block, cannot be written.
    """
    new = new or hidden_name(folder)
    try:
        new.mkdir(parents=True)
        yield new
    except OSError as error:
        raise RunError(
            f"Expected a writable models folder. Received: {folder.parent.name}/ is not "
            f"({error.strerror}). Name another one in MNIST_LENS_MODELS."
        ) from error


def model_files_in(source: Path) -> list[Path]:
    """Model files and folders of SavedModels in a folder, or `source` where it is one itself."""
    if not source.is_dir() or (source / "saved_model.pb").is_file():
        return [source]
    return [
        path
        for path in sorted(source.iterdir())
        if not path.name.startswith(".")
        and (path.suffix.lower() in MODEL_SUFFIXES or (path / "saved_model.pb").is_file())
    ]
