"""`About`: what an added data set says of itself in about.json, checked as it is read."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

from mnist_core.datasets.dataset import FEWEST_CLASSES, MOST_CLASSES, Dataset, Outline, Pixels
from mnist_core.errors import DatasetError, FileRefusedError
from mnist_core.files import checked, safe_files
from mnist_core.files.damage import complaint
from mnist_core.formatting import visible

FILE = "about.json"
MOST_BYTES = 1_000_000
SPLITS = ("train", "validation", "test")

_ARRAYS = re.compile(r"images-[0-9a-f]{16}\.npz")
_MOST_IMAGES = 10**9


@dataclass(frozen=True)
class About:
    """All of about.json; see `Dataset` for what is not said here.

    Attributes:
        arrays: Name of the file of images and labels beside it.
        sizes: Number of images by split.
        fingerprints: Of each split, as it was written; 64 hexadecimal digits.
        named: The splits whose images have names.
    """

    title: str
    class_names: tuple[str, ...]
    source: str
    shows_strokes: bool
    pixels: Pixels
    preparation: str
    arrays: str
    sizes: Mapping[str, int]
    fingerprints: Mapping[str, str]
    named: tuple[str, ...]

    def outline(self, name: str) -> Outline:
        """What there is to say of the data set of that name without its images."""
        return Outline(
            name,
            self.title,
            self.class_names,
            self.sizes,
            self.source,
            self.shows_strokes,
            self.pixels,
            self.preparation,
        )


def about_of(dataset: Dataset, arrays: str) -> About:
    """What a data set says of itself whose images lie in a file of that name."""
    return About(
        title=dataset.title,
        class_names=dataset.class_names,
        source=dataset.source,
        shows_strokes=dataset.shows_strokes,
        pixels=dataset.pixels,
        preparation=dataset.preparation,
        arrays=arrays,
        sizes={name: len(split) for name, split in dataset.splits.items()},
        fingerprints=dataset.fingerprints,
        named=tuple(name for name, split in dataset.splits.items() if split.names is not None),
    )


def to_json(about: About) -> bytes:
    """As it lies in about.json, for `read_about`."""
    return (json.dumps(asdict(about), ensure_ascii=False, indent=1) + "\n").encode()


def read_about(folder: Path) -> About:
    """Read about.json of an added data set.

    Raises:
        FileNotFoundError: There is none.
        DatasetError: It is not what MNIST Lens writes; says what is wrong.
    """
    try:
        content = safe_files.read_bytes(folder / FILE, most_bytes=MOST_BYTES)
        return _checked(checked.record(json.loads(content), FILE))
    except (FileNotFoundError, NotADirectoryError):
        raise
    except (OSError, FileRefusedError, ValueError, KeyError, RecursionError) as error:
        raise DatasetError(
            f"Expected {FILE} of the data set {visible(folder.name)} as it was written. Received: "
            f"{visible(complaint(error))}. Remove the data set (mnist-lens data remove) and add it "
            "again."
        ) from error


def _checked(found: Mapping[str, object]) -> About:
    names = checked.listed(checked.text)(found["class_names"], "class_names")
    if not FEWEST_CLASSES <= len(names) <= MOST_CLASSES:
        raise ValueError(f"{len(names)} class names")
    arrays = checked.text(found["arrays"], "arrays")
    if not _ARRAYS.fullmatch(arrays):
        raise ValueError("arrays in another file than ours")
    splits = checked.one_of(SPLITS)
    sizes = checked.by_name(checked.whole(1, _MOST_IMAGES))(found["sizes"], "sizes")
    prints = checked.by_name(checked.text)(found["fingerprints"], "fingerprints")
    if prints.keys() != sizes.keys():
        raise ValueError("fingerprints of other splits")
    return About(
        title=checked.text(found["title"], "title"),
        class_names=names,
        source=checked.text(found["source"], "source"),
        shows_strokes=checked.one_of((True, False))(found["shows_strokes"], "shows_strokes"),
        pixels=checked.one_of(get_args(Pixels))(found["pixels"], "pixels"),
        preparation=checked.text(found["preparation"], "preparation"),
        arrays=arrays,
        sizes={splits(name, "sizes"): size for name, size in sizes.items()},
        fingerprints={splits(name, "fingerprints"): value for name, value in prints.items()},
        named=checked.listed(splits)(found["named"], "named"),
    )
