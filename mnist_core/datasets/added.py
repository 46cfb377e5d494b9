"""The data sets that the user added: each a folder in the home folder, written whole or not at all.

about.json names the file of arrays beside it, so that a data set changes in one step, with
about.json; a reader has the one before or the one after.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from mnist_core import settings
from mnist_core.datasets.about import FILE, About, about_of, read_about, to_json
from mnist_core.datasets.dataset import Dataset, Split
from mnist_core.datasets.npz_file import read_npz_file
from mnist_core.errors import DatasetError, FileRefusedError
from mnist_core.files import atomic, safe_files
from mnist_core.files.damage import READING_ERRORS, complaint
from mnist_core.formatting import visible

COME_ALONG = ("mnist", "mnist-5k")
"""Names of the data sets that nobody needs to add."""

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,39}")


def added_names() -> tuple[str, ...]:
    """Names of all added data sets, in order; also of those that turn out to be damaged."""
    try:
        names = sorted(os.listdir(settings.data_folder()))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise _unusable(settings.data_folder(), error) from error
    return tuple(name for name in names if is_added(name))


def is_added(name: str) -> bool:
    """Whether there is an added data set of that name."""
    is_name = _NAME.fullmatch(name) is not None and name not in COME_ALONG
    return is_name and about_file(name).is_file()


def about_file(name: str) -> Path:
    """The file that changes with an added data set; it need not be there."""
    return settings.data_folder() / name / FILE


def check_name(name: str) -> None:
    """Refuse a name that an added data set cannot have.

    Raises:
        DatasetError: It is not 1 to 40 small letters, digits and dashes, or that of a data set
            that comes along.
    """
    if name in COME_ALONG:
        raise DatasetError(
            f"Expected the name of an added data set. Received: {name}, which comes along. Choose "
            "another name."
        )
    if not _NAME.fullmatch(name):
        raise DatasetError(
            "Expected a name of 1 to 40 small letters a–z, digits and dashes. Received: "
            f"“{visible(name[:60])}”. Choose another name."
        )


def check_free(name: str) -> None:
    """Refuse a name that cannot be used or that an added data set has.

    Raises:
        DatasetError: It cannot be used, or is taken.
    """
    check_name(name)
    if is_added(name):
        raise DatasetError(
            f"Expected a name that no data set has. Received: {name}. Choose another name, or "
            f"remove the old one first: mnist-lens data remove {name}."
        )


def read(name: str, *, max_gb: float = settings.DEFAULT_MAX_DATA_GB) -> Dataset:
    """Read an added data set.

    Args:
        name: One of `added_names`.
        max_gb: Arrays that have more gigabytes, 10⁹ bytes each, are refused unread.

    Raises:
        DatasetError: There is none, it is damaged, or too large.
    """
    try:
        try:
            return _read(name, find(name), max_gb)
        except FileNotFoundError:  # it was changed since
            return _read(name, find(name), max_gb)
    except READING_ERRORS as error:
        raise DatasetError(
            f"Expected the images of the data set {name} as they were written. Received: "
            f"{visible(complaint(error))}. Remove it (mnist-lens data remove) and add it again."
        ) from error


def find(name: str) -> About:
    """What an added data set says of itself, without its images.

    Raises:
        DatasetError: There is none, or it is damaged.
    """
    check_name(name)
    try:
        return read_about(settings.data_folder() / name)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DatasetError(
            f"Expected a data set named {name}. Received: none. Choose another, or add it: "
            "mnist-lens data add."
        ) from error


def write(dataset: Dataset, *, replace: bool = False) -> None:
    """Keep a data set under its name; when this returns, it is on the disk.

    Args:
        dataset: What is kept.
        replace: Whether it takes the place of one of the same name; else that is an error.

    Raises:
        DatasetError: Its name cannot be used or is taken, or its folder cannot be written to.
    """
    with changing(dataset.name):
        if not replace:
            check_free(dataset.name)
        put(dataset)


def put(dataset: Dataset) -> None:
    """Keep a data set under its name in the place of any other; only within `changing`.

    Raises:
        DatasetError: Its folder cannot be written to.
    """
    folder = settings.data_folder() / dataset.name
    arrays = f"images-{secrets.token_hex(8)}.npz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with atomic.replacing(folder / arrays) as part:
                np.savez(part, allow_pickle=False, **_arrays(dataset))
            atomic.write_bytes(folder / FILE, to_json(about_of(dataset, arrays)))
        except BaseException:
            (folder / arrays).unlink(missing_ok=True)
            raise
        _delete(folder, without={FILE, arrays})
    except OSError as error:
        raise _unusable(folder, error) from error


def remove(name: str) -> None:
    """Delete an added data set, damaged or not.

    Raises:
        DatasetError: There is none, or it may not be deleted.
    """
    check_name(name)
    if not is_added(name):
        raise DatasetError(
            f"Expected the name of an added data set. Received: {name}. There are: "
            f"{', '.join(added_names()) or 'none'}."
        )
    folder = settings.data_folder() / name
    with changing(name):
        try:
            (folder / FILE).unlink(missing_ok=True)  # from here on it is gone, whatever follows
            _delete(folder, without=frozenset())
            folder.rmdir()
        except OSError as error:
            raise _unusable(folder, error) from error


def tidy(name: str) -> None:
    """Delete what a writer that was killed has left under a name that no data set has.

    Raises:
        DatasetError: The name cannot be used, or the folder cannot be written to.
    """
    folder = settings.data_folder() / name
    with changing(name):
        if not is_added(name) and folder.is_dir():
            try:
                _delete(folder, without=frozenset())
                folder.rmdir()
            except OSError as error:
                raise _unusable(folder, error) from error


def tidy_all() -> None:
    """Delete what writers that were killed have left, as far as it may be deleted."""
    try:
        names = os.listdir(settings.data_folder())
    except OSError:
        return  # whoever writes next says why
    for name in names:
        if _NAME.fullmatch(name) and not is_added(name):
            with suppress(DatasetError):
                tidy(name)


@contextmanager
def changing(name: str) -> Iterator[None]:
    """Let nobody else change the data set of that name meanwhile.

    Raises:
        DatasetError: The name cannot be used, or the folder cannot be written to.
    """
    check_name(name)
    folder = settings.data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = safe_files.open_regular(folder / f".{name}.lock", os.O_RDWR | os.O_CREAT)
    except (OSError, FileRefusedError) as error:
        raise _unusable(folder, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _read(name: str, about: About, max_gb: float) -> Dataset:
    folder = settings.data_folder() / name
    wanted = [array for split in about.sizes for array in _array_names(split, about.named)]
    arrays = read_npz_file(folder / about.arrays, wanted, max_gb=max_gb)
    splits = {
        split: Split(
            split,
            arrays[f"{split}_images"],
            arrays[f"{split}_labels"],
            about.class_names,
            arrays.get(f"{split}_names"),
        )
        for split in about.sizes
    }
    return Dataset(
        name,
        about.title,
        splits,
        source=about.source,
        shows_strokes=about.shows_strokes,
        pixels=about.pixels,
        preparation=about.preparation,
    )


def _array_names(split: str, named: tuple[str, ...]) -> list[str]:
    kinds = ("images", "labels", "names") if split in named else ("images", "labels")
    return [f"{split}_{kind}" for kind in kinds]


def _arrays(dataset: Dataset) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for name, split in dataset.splits.items():
        arrays |= {f"{name}_images": split.images, f"{name}_labels": split.labels}
        if split.names is not None:
            arrays[f"{name}_names"] = split.names
    return arrays


def _delete(folder: Path, *, without: frozenset[str] | set[str]) -> None:
    """Delete all files of ours in a folder but some; nothing that somebody else put there."""
    for entry in os.scandir(folder):
        is_ours = entry.name.lstrip(".").startswith(("images-", Path(FILE).stem + "."))
        if is_ours and entry.name not in without:
            os.unlink(entry.path)


def _unusable(folder: Path, error: Exception) -> DatasetError:
    reason = getattr(error, "strerror", None) or complaint(error)
    return DatasetError(
        f"Expected a folder for data sets that can be read and written, {folder}. Received: "
        f"{visible(reason)}. Free it, or name another in MNIST_LENS_HOME."
    )
