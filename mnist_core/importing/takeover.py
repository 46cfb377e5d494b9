"""A new run's folder, filled out of sight and shown at once, whatever stands in its place."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnist_core.errors import RunError
from mnist_core.runs import hidden_folder

ORIGINALS = "originals"


@contextmanager
def becoming(folder: Path, *, originals: Path | None, new: Path | None = None) -> Iterator[Path]:
    """Give a hidden folder to fill; it becomes `folder` if the block ends well, else it goes.

    Args:
        folder: Where the run is to lie.
        originals: What lies there before, if anything; it moves into the new folder.
        new: The hidden folder, if its name is to be known beforehand.

    Raises:
        RunError: The folder cannot be written to, or has become a run meanwhile.
    """
    with hidden_folder(folder, new) as filled:
        try:
            yield filled
            if originals is not None:
                if (originals / "run.json").exists():
                    raise RunError(
                        f"Expected {folder.name} to be no run yet. Received: it has just become "
                        "one. Look at that one."
                    )
                originals.rename(filled / ORIGINALS)
            filled.rename(folder)
        finally:
            put_back(filled, folder)


def put_back(new: Path, folder: Path) -> None:
    """Remove what is left of a hidden folder that did not become `folder`, except the originals.

    Nothing happens where the folder was not made, or has become the run.
    """
    if (new / ORIGINALS).exists():
        with suppress(OSError):  # what cannot be moved back stays there: nothing is lost
            (new / ORIGINALS).rename(folder)
    if not (new / ORIGINALS).exists():
        shutil.rmtree(new, ignore_errors=True)
