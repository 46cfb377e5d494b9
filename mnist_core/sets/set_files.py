"""The named sets of the user: kept in the home folder, one file a set."""

from __future__ import annotations

import difflib
import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mnist_core.errors import FileRefusedError, SetError
from mnist_core.files import atomic, safe_files
from mnist_core.files.damage import MOST_LETTERS
from mnist_core.formatting import visible
from mnist_core.sets.image_set import ImageSet, name_of
from mnist_core.sets.sets_json import DAMAGE, MOST_BYTES, sets_in, to_json

MOST_SETS = 1_000
"""Of a data set; whoever has more can export some."""


@dataclass(frozen=True, eq=False)
class KeptSets:
    """What lies in the folder of a data set's sets.

    Attributes:
        sets: Those that can be read, by name.
        refused: Why the others cannot, by the name of their file, escaped where it cannot be seen.
    """

    sets: tuple[ImageSet, ...]
    refused: Mapping[str, str]


def kept_sets(data: str, home: Path) -> KeptSets:
    """All sets of a data set; none where none was ever kept.

    Args:
        data: Name of the data set.
        home: Folder of what the user made.

    Raises:
        SetError: The folder cannot be read.
    """
    sets, refused = [], {}
    for path in _files(data, home):
        try:
            sets.append(_read(path, data))
        except SetError as error:
            refused[visible(path.name)] = str(error)
    return KeptSets(tuple(sorted(sets, key=lambda one: one.name.casefold())), refused)


def find_set(name: str, data: str, home: Path) -> ImageSet:
    """The set of that name.

    Raises:
        SetError: There is none, or its file is damaged.
    """
    path = _path_of(name_of(name), data, home)
    if path is not None:
        return _read(path, data)
    names = [one.name for one in kept_sets(data, home).sets]
    near = difflib.get_close_matches(name, names, 1, 0.4)
    there = f"There are: {', '.join(names[:20])}." if names else "There is none yet."
    raise SetError(
        f"Expected the name of a set of {data}. Received: “{visible(name[:60])}”. "
        f"{f'Did you mean “{near[0]}”?' if near else there}"
    )


def keep_sets(sets: Sequence[ImageSet], home: Path) -> None:
    """Write sets down, all or none.

    Raises:
        SetError: One has the name of a set that is there, or of a damaged file, or they cannot be
            written.
    """
    written = []
    with ExitStack() as locks:
        for data in sorted({one.data for one in sets}):  # in one order, so that none waits for ever
            locks.enter_context(_locked(data, home))
            _check_room([one for one in sets if one.data == data], data, home)
        try:
            for one in sets:
                written.append(_folder(one.data, home) / f"{one.name}.json")
                atomic.write_bytes(written[-1], to_json([one]))
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            raise


def rename_set(name: str, new: str, data: str, home: Path) -> ImageSet:
    """Give a set another name; gives the set as it is called now.

    Raises:
        SetError: There is no such set, or the name is taken or cannot be used.
    """
    with _locked(data, home) as folder:
        renamed = replace(find_set(name, data, home), name=new)
        if renamed.name == name_of(name):
            return renamed
        old = _path_of(name_of(name), data, home)
        if renamed.name.casefold() != name_of(name).casefold():
            _check_room([renamed], data, home)
        atomic.write_bytes(folder / f"{renamed.name}.json", to_json([renamed]))
        if old is not None and old.name != f"{renamed.name}.json":
            old.unlink(missing_ok=True)
    return renamed


def delete_set(name: str, data: str, home: Path) -> ImageSet:
    """Delete a set; gives it back, so that it can be kept again.

    Raises:
        SetError: There is no such set, its file is damaged, or may not be deleted.
    """
    found = find_set(name, data, home)
    with _locked(data, home):
        path = _path_of(found.name, data, home)
        if path is not None:
            path.unlink(missing_ok=True)
    return found


def _folder(data: str, home: Path) -> Path:
    return home / "sets" / name_of(data)


def _files(data: str, home: Path) -> list[Path]:
    try:
        names = sorted(os.listdir(_folder(data, home)))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _unusable(_folder(data, home), error) from error
    files = [name for name in names if name.endswith(".json") and not name.startswith(".")]
    return [_folder(data, home) / name for name in files[: 2 * MOST_SETS]]


def _path_of(name: str, data: str, home: Path) -> Path | None:
    """The file of a set; names that differ in capitals alone are one."""
    same = (path for path in _files(data, home) if path.stem.casefold() == name.casefold())
    return next(same, None)


def _read(path: Path, data: str) -> ImageSet:
    try:
        sets = sets_in(safe_files.read_bytes(path, most_bytes=MOST_BYTES))
    except (*DAMAGE, OSError, FileRefusedError, SetError) as error:
        said = _received(str(error))
        raise SetError(
            f"Expected a set of {data} in {visible(path.name)} of {path.parent}. Received: "
            f"{visible(said)}. The file stays as it is: put a copy in its place, or move it away."
        ) from error
    if len(sets) != 1 or (sets[0].name, sets[0].data) != (path.stem, data):
        raise SetError(
            f"Expected the set of {data} that {visible(path.name)} of {path.parent} is named "
            f"after. Received: {len(sets)} of other names. The file stays as it is: import it, and "
            "move it away."
        )
    return sets[0]


def _received(said: str) -> str:
    """What was received, of an error of ours; else all that it says."""
    return said.partition("Received: ")[2].split(". ")[0] or said[:MOST_LETTERS]


def _check_room(new: Sequence[ImageSet], data: str, home: Path) -> None:
    there = {path.stem.casefold() for path in _files(data, home)}
    taken = [one.name for one in new if one.name.casefold() in there]
    if taken:
        raise SetError(
            f"Expected a name that no set of {data} has. Received: {', '.join(taken[:5])}"
            f"{', …' * (len(taken) > 5)}. Choose another name, or rename or delete the old set."
        )
    if len(there) + len(new) > MOST_SETS:
        raise SetError(
            f"Expected at most {MOST_SETS:,} sets of {data}. Received: {len(there) + len(new):,}. "
            "Delete some."
        )


@contextmanager
def _locked(data: str, home: Path) -> Iterator[Path]:
    """The folder of a data set's sets, in which nobody else writes meanwhile."""
    folder = _folder(data, home)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = safe_files.open_regular(folder / ".lock", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unusable(folder, error) from error


def _unusable(folder: Path, error: OSError) -> SetError:
    return SetError(
        f"Expected to read and write the sets in {folder}. Received: {error.strerror}. Try again, "
        "free the disk, or name a writable folder in MNIST_LENS_HOME."
    )
