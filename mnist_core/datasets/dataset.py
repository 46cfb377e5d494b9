"""`Dataset` and `Split`: images with their labels, read-only and fingerprinted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import DatasetError
from mnist_core.image_size import SHAPE

Pixels = Literal["as they are", "digits", "pictures"]
"""How a source's pictures became 28×28: not at all, in MNIST's format, or by the mean of areas."""

DIGITS = tuple("0123456789")
FEWEST_CLASSES, MOST_CLASSES = 2, 62
"""As few and as many as pages and reports are made for: 62 are all digits and letters."""


@dataclass(frozen=True, eq=False)
class Split:
    """Images of one part of a data set with their labels; both read-only.

    Attributes:
        name: `train`, `validation` or `test`.
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`, n ≥ 1.
        labels: True class of each image, 0 to `n_classes - 1`. `uint8`, shape `(n,)`.
        class_names: What each class is called on screen, in the order of the labels; 2 to 62.
        names: What each image is called where it came from, such as its file; `None` where it has
            no name. `str_`, shape `(n,)`.

    Raises:
        DatasetError: Shapes, dtypes, labels or names are not as above.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...] = DIGITS
    names: np.ndarray | None = None

    def __post_init__(self) -> None:
        images, labels, names = self.images, self.labels, tuple(self.class_names)
        if not FEWEST_CLASSES <= len(names) <= MOST_CLASSES or len(set(names)) != len(names):
            raise DatasetError(
                f"The {self.name} split needs {FEWEST_CLASSES} to {MOST_CLASSES} classes with "
                f"different names. Received: {len(names)} names, {len(set(names))} of them "
                "different. Name every class once."
            )
        if images.ndim != 3 or images.shape[1:] != SHAPE or images.dtype != np.uint8:
            raise DatasetError(
                f"The {self.name} images must be grey levels 0–255 (uint8) of shape (n, 28, 28). "
                f"Received: {images.dtype} of shape {images.shape}. Convert them first."
            )
        if labels.shape != (len(images),) or len(images) == 0:
            raise DatasetError(
                f"The {self.name} split needs one label for each of one or more images. "
                f"Received: {len(images)} images and labels of shape {labels.shape}. "
                "Load both from the same source."
            )
        if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= len(names):
            span = f" from {labels.min()} to {labels.max()}" if labels.dtype.kind in "iuf" else ""
            raise DatasetError(
                f"The {self.name} labels must be whole numbers 0–{len(names) - 1}. Received: "
                f"{labels.dtype}{span}. Renumber the classes from 0."
            )
        if self.names is not None:
            if self.names.shape != labels.shape or self.names.dtype.kind != "U":
                raise DatasetError(
                    f"The {self.name} split needs a name for each of its {len(images)} images, or "
                    f"none. Received: {self.names.dtype} of shape {self.names.shape}. Name each."
                )
            object.__setattr__(self, "names", read_only(self.names))
        object.__setattr__(self, "class_names", names)
        object.__setattr__(self, "images", read_only(images))
        object.__setattr__(self, "labels", read_only(labels.astype(np.uint8, copy=False)))

    def __len__(self) -> int:
        return len(self.images)

    @property
    def n_classes(self) -> int:
        """How many classes its labels tell apart, whether or not each has an image here."""
        return len(self.class_names)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over shape, images and labels, as 64 hexadecimal digits."""
        digest = hashlib.sha256(repr(self.images.shape).encode())
        digest.update(np.ascontiguousarray(self.images).data)
        digest.update(np.ascontiguousarray(self.labels).data)
        return digest.hexdigest()


@dataclass(frozen=True)
class Outline:
    """A data set without its images: as in `Dataset`, with the number of images of each split."""

    name: str
    title: str
    class_names: tuple[str, ...]
    sizes: Mapping[str, int]
    source: str
    shows_strokes: bool = True
    pixels: Pixels = "as they are"
    preparation: str = ""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named set of splits and where it came from.

    Attributes:
        name: Key in `DATASETS`, e.g. `mnist-5k`, or the name of an added data set.
        title: Name as people write it, e.g. `MNIST`.
        splits: From `train`, `validation` and `test` those that the source holds, one or more,
            all of the same classes.
        source: Where the images came from, in words, without folders of this machine.
        shows_strokes: Whether the images are written, so that a stroke's thickness and slant mean
            something; not so of clothes.
        pixels: How the source's pictures became 28×28.
        preparation: What else was done to them on the way in, in sentences; empty where nothing
            was.

    Raises:
        DatasetError: There is no split, or the classes differ between splits.
    """

    name: str
    title: str
    splits: Mapping[str, Split]
    source: str
    shows_strokes: bool = True
    pixels: Pixels = "as they are"
    preparation: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "splits", MappingProxyType(dict(self.splits)))
        if len({split.class_names for split in self.splits.values()}) != 1:
            received = "; ".join(
                f"{name} {', '.join(split.class_names)}" for name, split in self.splits.items()
            )
            raise DatasetError(
                f"Expected one or more splits of the same classes in {self.title}. Received: "
                f"{received or 'no split'}. Give each the same class names."
            )

    @property
    def class_names(self) -> tuple[str, ...]:
        """What each class is called on screen, in the order of the labels."""
        return next(iter(self.splits.values())).class_names

    @property
    def outline(self) -> Outline:
        """What there is to say of it without its images."""
        sizes = {name: len(split) for name, split in self.splits.items()}
        return Outline(
            self.name,
            self.title,
            self.class_names,
            MappingProxyType(sizes),
            self.source,
            self.shows_strokes,
            self.pixels,
            self.preparation,
        )

    @property
    def fingerprints(self) -> dict[str, str]:
        """Fingerprint of every split, by name."""
        return {name: split.fingerprint for name, split in self.splits.items()}

    def split(self, name: str) -> Split:
        """The split of that name.

        Raises:
            DatasetError: The source does not hold it.
        """
        if name not in self.splits:
            raise DatasetError(
                f"{self.title} from {self.source} has no {name} split, only "
                f"{', '.join(self.splits)}. Choose one of these, or a source that has it: "
                "MNIST_LENS_DATA for MNIST, mnist-lens data add for your own."
            )
        return self.splits[name]


def class_names(dataset: Dataset | Outline, n_classes: int) -> tuple[str, ...]:
    """What each of so many classes is called; its number where the data set has no name for it."""
    known = dataset.class_names
    return known + tuple(map(str, range(len(known), n_classes)))
