"""A data set's images from pictures in folders named by class, loose or in a zip archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from mnist_core.adding.labelled import check_names
from mnist_core.adding.source import Report, Source
from mnist_core.datasets import Pixels
from mnist_core.datasets.dataset import FEWEST_CLASSES, MOST_CLASSES
from mnist_core.errors import DatasetError, SketchError
from mnist_core.formatting import visible
from mnist_core.image_size import SHAPE
from mnist_core.pictures.averaging import averaged
from mnist_core.pictures.collection import Collection, opened_collection
from mnist_core.pictures.sketch import to_mnist

_LONGEST_NAME = 120
_BYTES_OF_A_LETTER = 4
_SPLITS = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
}

Placed = tuple[str, str, str]
"""Split, class and name of a picture."""


def from_pictures(
    path: Path,
    name: str,
    class_names: Sequence[str],
    *,
    pixels: Pixels,
    max_gb: float,
    report: Report,
) -> Source:
    """Read `<class>/…` or `<split>/<class>/…`; a folder around all of them does not count.

    Args:
        path: A folder or a zip archive.
        name: What the data set will be called.
        class_names: Of each class in the order of their folders; empty for the folders' own.
        pixels: `digits` to bring each picture into MNIST's format, `pictures` for the mean of
            areas.
        max_gb: More gigabytes of images, 10⁹ bytes each, are refused unread.
        report: Is told how many pictures are done, of how many.

    Raises:
        DatasetError: They lie in another way, or too few can be read.
        SketchError: The archive is damaged or holds too much.
    """
    with opened_collection(path) as collection:
        placed = _placed(collection.names, path)
        classes = sorted({label for _, label, _ in placed}, key=_by_number)
        named = _class_names(classes, class_names)
        _check_size(placed, path, max_gb)
        reader = _Reader(collection, pixels, classes)
        for done, picture in enumerate(placed):
            report(done, len(placed))
            reader.take(picture)
        report(len(placed), len(placed))
    images, labels, names = reader.by_split(placed)
    kind = "folder" if path.is_dir() else "archive"
    return Source(
        title=name,
        source=f"the {kind} {visible(path.name)}",
        images=images,
        labels=labels,
        class_names=named,
        shows_strokes=pixels == "digits",
        pixels=pixels,
        names=names,
        left_out=tuple(reader.left_out),
    )


class _Reader:
    """Pictures that become images, one after the other."""

    def __init__(self, collection: Collection, pixels: Pixels, classes: Sequence[str]) -> None:
        self.collection = collection
        self.brought: Callable[[np.ndarray], np.ndarray] = _as_digit
        if pixels == "pictures":
            self.brought = averaged
        self.number = {label: number for number, label in enumerate(classes)}
        self.images: dict[str, np.ndarray] = {}
        self.left_out: list[str] = []

    def take(self, picture: Placed) -> None:
        name = picture[2]
        try:
            self.images[name] = self.brought(self.collection.read(name))
        except SketchError as error:
            self.left_out.append(str(error).replace("the picture", visible(name), 1))

    def by_split(self, placed: Sequence[Placed]) -> tuple[Mapping[str, np.ndarray], ...]:
        """Images, labels and names of each split; each image is let go as it is put there."""
        images, labels, names = {}, {}, {}
        for split in sorted({split for split, _, _ in placed}):
            kept = [one for one in placed if one[0] == split and one[2] in self.images]
            if not kept:
                raise DatasetError(
                    f"Expected pictures of {split} that can be read. Received: none; "
                    f"{self.left_out[0]}"
                )
            images[split] = np.empty((len(kept), *SHAPE), np.uint8)
            for place, (_, _, name) in enumerate(kept):
                images[split][place] = self.images.pop(name)
            labels[split] = np.array([self.number[label] for _, label, _ in kept], np.uint8)
            names[split] = np.array([visible(name)[-_LONGEST_NAME:] for _, _, name in kept])
        return images, labels, names


def _as_digit(picture: np.ndarray) -> np.ndarray:
    sketch = to_mnist(picture)
    if sketch is None:
        raise SketchError("Expected a digit in the picture. Received: no ink. Draw it darker.")
    return sketch.image


def _placed(names: Sequence[str], path: Path) -> list[Placed]:
    """Where each picture belongs, by its folders."""
    parts = [PurePosixPath(name).parts for name in names]
    while parts and min(map(len, parts)) > 2 and len({part[0] for part in parts}) == 1:
        if parts[0][0].lower() in _SPLITS:
            break
        parts = [part[1:] for part in parts]  # a folder around all of them
    has_splits = bool(parts) and all(part[0].lower() in _SPLITS for part in parts)
    deep = 2 if has_splits else 1
    if not parts or min(map(len, parts)) <= deep:
        alone = next(
            (name for name, part in zip(names, parts, strict=True) if len(part) <= deep), ""
        )
        raise DatasetError(
            f"Expected pictures in folders named by class in {visible(path.name)}: cat/1.png, or "
            f"train/cat/1.png. Received: {visible(alone) or 'no PNG or JPEG file'}. Sort them into "
            "folders."
        )
    splits = [_SPLITS[part[0].lower()] if has_splits else "train" for part in parts]
    labels = [part[deep - 1] for part in parts]
    placed = zip(splits, labels, names, strict=True)
    return sorted(placed, key=lambda one: (one[0], _by_number(one[1]), one[2]))


def _by_number(label: str) -> tuple[bool, int, str]:
    """Numbers first, in their order, then letters."""
    is_number = label.isascii() and label.isdigit() and len(label) < 10
    return not is_number, int(label) if is_number else 0, label


def _class_names(classes: Sequence[str], named: Sequence[str]) -> tuple[str, ...]:
    if not FEWEST_CLASSES <= len(classes) <= MOST_CLASSES:
        raise DatasetError(
            f"Expected folders of {FEWEST_CLASSES} to {MOST_CLASSES} classes. Received: "
            f"{len(classes):,}, from {visible(classes[0])} on. Leave some out."
        )
    if named and len(named) != len(classes):
        raise DatasetError(
            f"Expected a name for each of {len(classes)} classes. Received: {len(named)} names. "
            "Name every class once, in the order of their folders: --class-names a,b,c."
        )
    names = tuple(named) or tuple(map(visible, classes))
    check_names(names)
    return names


def _check_size(placed: Sequence[Placed], path: Path, max_gb: float) -> None:
    n = len(placed)
    longest = min(_LONGEST_NAME, max(len(visible(name)) for _, _, name in placed))
    size = n * (SHAPE[0] * SHAPE[1] + _BYTES_OF_A_LETTER * longest)
    if size > max_gb * 1e9:
        raise DatasetError(
            f"Expected at most {max_gb:g} GB of images in {visible(path.name)}. Received: {n:,} "
            f"pictures, {size:,} bytes as images with names. Allow more: --max-data-gb."
        )
