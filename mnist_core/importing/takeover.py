"""A new run's folder, filled out of sight and shown at once, whatever stands in its place."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnist_core.errors import RunError

ORIGINALS = "originals"


@contextmanager
def becoming(folder: Path, *, originals: Path | None) -> Iterator[Path]:
    """Give a hidden folder to fill; it becomes `folder` if the block ends well, else it goes.

    Args:
        folder: Where the run is to lie.
        originals: What lies there before, if anything; it moves into the new folder.

    Raises:
        RunError: The folder cannot be written to, or has become a run meanwhile.
    """
    new = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        new.mkdir(parents=True)
        yield new
        if originals is not None:
            if (originals / "run.json").exists():
                raise RunError(
                    f"Expected {folder.name} to be no run yet. Received: it has just become one. "
                    "Look at that one."
                )
            originals.rename(new / ORIGINALS)
        new.rename(folder)
    except OSError as error:
        raise RunError(
            f"Expected a writable models folder. Received: {folder.parent.name}/ is not "
            f"({error.strerror}). Name another one in MNIST_LENS_MODELS."
        ) from error
    finally:
        if originals is not None and (new / ORIGINALS).exists():
            with suppress(OSError):  # what cannot be moved back stays where it is: nothing is lost
                (new / ORIGINALS).rename(folder)
        if not (new / ORIGINALS).exists():
            shutil.rmtree(new, ignore_errors=True)
