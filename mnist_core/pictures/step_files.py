"""The steps from pictures to MNIST's format as PNG files, all or none."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePath

import numpy as np

from mnist_core.errors import SketchError
from mnist_core.formatting import visible
from mnist_core.pictures.sketch import Sketch
from mnist_core.pictures.steps import steps_of

_LONGEST_NAME = 100
_UNSAFE = re.compile(r"[^\w.-]+")


def write_steps(sketches: Iterable[tuple[str, Sketch]], folder: Path) -> None:
    """Write `<number>-<picture>-<step>.png` for every step of every sketch, dark ink on white.

    Args:
        sketches: Each with the name of its picture.
        folder: Made if it is not there; it may have nothing in it.

    Raises:
        SketchError: There is something in it, or it cannot be written to.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise SketchError(
                f"Expected an empty folder for the steps. Received: {visible(str(folder))}, in "
                "which there is something. Name another."
            )
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for number, (name, sketch) in enumerate(sketches, 1):
                _write(sketch, part, f"{number:04}-{_plain(name)}")
            part.chmod(0o755)
            os.replace(part, folder)  # in the place of an empty one, too
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise SketchError(
            f"Expected a folder for the steps that can be written to. Received: "
            f"{visible(str(folder))}, {error.strerror}. Name another."
        ) from error


def _write(sketch: Sketch, folder: Path, name: str) -> None:
    from PIL import Image

    for number, step in enumerate(steps_of(sketch), 1):
        ink_on_white = (255 - step.image).astype(np.uint8)
        Image.fromarray(ink_on_white).save(folder / f"{name}-{number}-{step.name}.png")


def _plain(name: str) -> str:
    """A picture's name without folders, suffix and what a file's cannot have."""
    return _UNSAFE.sub("-", PurePath(name).stem).strip("-.")[-_LONGEST_NAME:] or "picture"
