"""`add`: files from elsewhere as a data set of the user's."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core import settings
from mnist_core.adding.arrays import from_files, from_npz, holds_arrays
from mnist_core.adding.labelled import check_names
from mnist_core.adding.picture_folder import from_pictures
from mnist_core.adding.source import Report, Source
from mnist_core.datasets import Dataset, Outline, Pixels, Split, added
from mnist_core.datasets.about import SPLITS
from mnist_core.datasets.cutting import hold_out
from mnist_core.errors import DatasetError, FileRefusedError
from mnist_core.files.damage import READING_ERRORS, complaint
from mnist_core.formatting import visible

SEED = 0
VALIDATION_SHARE = 12
"""One in so many of each class, as of MNIST: 5,000 of 60,000."""


@dataclass(frozen=True)
class Added:
    """What became of a source.

    Attributes:
        outline: The data set as it was kept.
        left_out: A sentence on each picture that could not be read.
    """

    outline: Outline
    left_out: tuple[str, ...]


def add(
    name: str,
    source: Path,
    *,
    pixels: Pixels | None = None,
    class_names: Sequence[str] = (),
    title: str = "",
    max_gb: float = settings.DEFAULT_MAX_DATA_GB,
    report: Report = lambda done, total: None,
) -> Added:
    """Read files from elsewhere and keep them as a data set.

    Args:
        name: What it is called; see `added.check_name`.
        source: An .npz file in Keras's layout; a folder with a file for each array, IDX or .npz, or
            such a folder and how their names begin; a folder or zip archive of pictures in folders
            named by class.
        pixels: How pictures become 28×28: `digits` or `pictures`, which is the default. Arrays stay
            as they are.
        class_names: Of each class; empty for those that the source or a known set gives.
        title: As people write it; empty for a known one's, or the name.
        max_gb: More gigabytes, 10⁹ bytes each, are refused unread.
        report: Is told how many pictures are done, of how many; never called of arrays.

    Raises:
        DatasetError: The name is taken, or there is nothing in the source that can be read.
        SketchError: An archive is damaged or holds too much.
    """
    added.check_free(name)
    added.tidy_all()
    check_names((title,) if title else ())
    source = Path(os.path.abspath(source))  # so that a dot has a name
    try:
        found = _found(name, source, pixels, class_names, max_gb, report)
    except FileRefusedError as error:
        raise DatasetError(str(error)) from error
    except READING_ERRORS as error:
        raise DatasetError(
            f"Expected data that can be read whole in {visible(source.name)}. Received: "
            f"{visible(complaint(error))}. Fetch it again."
        ) from error
    dataset = _dataset(name, title, found)
    added.write(dataset)
    return Added(dataset.outline, found.left_out)


def _found(
    name: str,
    source: Path,
    pixels: Pixels | None,
    class_names: Sequence[str],
    max_gb: float,
    report: Report,
) -> Source:
    is_zip = source.suffix.lower() == ".zip" and source.exists()
    are_pictures = is_zip or (source.is_dir() and not holds_arrays(source))
    if are_pictures:
        return from_pictures(
            source,
            name,
            class_names,
            pixels=pixels or "pictures",
            max_gb=max_gb,
            report=report,
        )
    if pixels is not None:
        raise DatasetError(
            f"Expected pictures to bring to 28×28. Received: arrays in {visible(source.name)}, "
            "which are 28×28 already. Leave --as out."
        )
    if source.is_file():
        return from_npz(source, name, class_names, max_gb=max_gb)
    if holds_arrays(source):
        return from_files(source, name, class_names, max_gb=max_gb)
    raise DatasetError(
        f"Expected an .npz file, a folder of IDX files, or a folder or zip archive of pictures. "
        f"Received: {visible(str(source))}, which is none of these. Check the path."
    )


def _dataset(name: str, title: str, found: Source) -> Dataset:
    splits = {
        split: Split(split, images, found.labels[split], found.class_names, found.names.get(split))
        for split, images in found.images.items()
    }
    said = [found.preparation] if found.preparation else []
    if found.left_out:
        n = len(found.left_out)
        said.append(
            "1 picture could not be read and was left out."
            if n == 1
            else f"{n:,} pictures could not be read and were left out."
        )
    if "train" in splits and "validation" not in splits:
        held_out = _drawn(splits["train"].labels)
        # In place: with a second array for them a large source would take twice its size.
        own = found.images["train"]
        splits["train"], splits["validation"] = hold_out(splits["train"], held_out, into=own)
        said.append(
            f"Validation is one in {VALIDATION_SHARE} of each class of train, drawn with seed "
            f"{SEED}."
        )
    return Dataset(
        name,
        title or found.title,
        {split: splits[split] for split in SPLITS if split in splits},
        source=found.source,
        shows_strokes=found.shows_strokes,
        pixels=found.pixels,
        preparation=" ".join(said),
    )


def _drawn(labels: np.ndarray) -> np.ndarray:
    """Positions of the images of each class that make validation, class by class; at least one of
    each that has two.

    Raises:
        DatasetError: No class has two.
    """
    random = np.random.default_rng(SEED)
    drawn = []
    for label in np.unique(labels):
        positions = np.flatnonzero(labels == label)
        n = max(1, round(len(positions) / VALIDATION_SHARE)) if len(positions) > 1 else 0
        drawn.append(np.sort(random.permutation(positions)[:n]))
    held_out = np.concatenate(drawn)
    if not len(held_out):
        raise DatasetError(
            "Expected at least two training images of some class. Received: one of each at most. "
            "Add some."
        )
    return held_out
