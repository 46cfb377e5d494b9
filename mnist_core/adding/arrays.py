"""A data set's arrays from files: one .npz file in Keras's layout, or a file for each array."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mnist_core.adding.known_sets import KnownSet, known_set
from mnist_core.adding.labelled import classes_of
from mnist_core.adding.source import Source
from mnist_core.datasets import promises
from mnist_core.datasets.idx_files import read_array, shape_of
from mnist_core.datasets.npz_file import array_names, promised_bytes, read_npz_file
from mnist_core.errors import DatasetError
from mnist_core.files import safe_files
from mnist_core.formatting import visible

_SPLITS = {
    "train": "train",
    "t10k": "test",
    "test": "test",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
}
_FILE = re.compile(
    r"(?P<set>.*?)[-_.]?(?P<split>train|t10k|test|validation|valid|val)[-_.]"
    r"(?P<kind>images|imgs|labels)([-_.]?idx[13])?([-_.]u?byte)?(\.npz|\.gz)?",
    re.IGNORECASE,
)
_KERAS = re.compile(r"(?P<kind>[xy])_(?P<split>train|test|validation|valid|val)")
_LINES = re.compile(r"(\d+)\s+(\d+)(\s+\d+)*")
_MOST_MAPPING_BYTES = 10_000
_BLOCK = 10_000

Files = Mapping[str, Mapping[str, Path]]
"""The files of images and labels of each split."""


def from_npz(path: Path, name: str, class_names: Sequence[str], *, max_gb: float) -> Source:
    """Read an .npz file in Keras's layout: x_train, y_train, x_test, y_test and maybe x_validation.

    Raises:
        DatasetError: An array is missing, too large, or of another kind.
        READING_ERRORS: The file is damaged.
    """
    found = {entry: match for entry in array_names(path) if (match := _KERAS.fullmatch(entry))}
    splits = {match["split"] for match in found.values()}
    if len(splits & {"validation", "valid", "val"}) > 1:
        raise DatasetError(
            f"Expected one validation split in {visible(path.name)}. Received: "
            f"{', '.join(sorted(splits))}. Leave all but one out."
        )
    wanted = [f"{kind}_{split}" for split in sorted(splits) for kind in "xy"]
    arrays = read_npz_file(path, wanted or ("x_train", "y_train"), max_gb=max_gb)
    return _source(
        {_SPLITS[split]: arrays[f"x_{split}"] for split in sorted(splits)},
        {_SPLITS[split]: arrays[f"y_{split}"] for split in sorted(splits)},
        known_set(name, path.name),
        class_names,
        title=name,
        source=f"the file {visible(path.name)}",
    )


def from_files(path: Path, name: str, class_names: Sequence[str], *, max_gb: float) -> Source:
    """Read a file for each array, IDX or .npz, gzipped or not, under any of the usual names.

    Args:
        path: Their folder; where it holds several sets, the folder and how their names begin.
        name: What the data set will be called.
        class_names: Of each class; empty for those that are known, or else its number.
        max_gb: More gigabytes, 10⁹ bytes each, are refused unread.

    Raises:
        DatasetError: Files are missing, too large, or of another kind.
        READING_ERRORS: A file is damaged.
    """
    folder, prefix, files = _files(path)
    promised = {file.name: _promised(file) for kinds in files.values() for file in kinds.values()}
    promises.check_total(promised, path, max_gb=max_gb)
    arrays = {
        split: {kind: _array(file, max_gb) for kind, file in kinds.items()}
        for split, kinds in files.items()
    }
    known = known_set(prefix, name, folder.name)
    return _source(
        {split: kinds["images"] for split, kinds in arrays.items()},
        {split: kinds["labels"] for split, kinds in arrays.items()},
        known,
        class_names or _mapped_names(folder, prefix),
        title=name,
        source=f"the files {visible(f'{prefix} in ' if prefix else 'in ')}{visible(folder.name)}",
        are_idx=True,
    )


def holds_arrays(path: Path) -> bool:
    """Whether there are files of arrays where a path leads, or that begin as it does."""
    folder, begin = (path, "") if path.is_dir() else (path.parent, path.name)
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(_FILE.fullmatch(name) for name in names if name.startswith(begin))


def _files(path: Path) -> tuple[Path, str, Files]:
    folder, begin = (path, "") if path.is_dir() else (path.parent, path.name)
    sets: dict[str, dict[str, dict[str, Path]]] = {}
    for entry in sorted(os.listdir(folder)):
        match = _FILE.fullmatch(entry)
        if match and entry.startswith(begin):
            kind = "labels" if match["kind"].lower() == "labels" else "images"
            split = _SPLITS[match["split"].lower()]
            of_split = sets.setdefault(match["set"], {}).setdefault(split, {})
            of_split.setdefault(kind, folder / entry)  # of two the one that is not packed
    if len(sets) != 1:
        raise DatasetError(
            f"Expected the files of one data set in {visible(folder.name)}. Received: those of "
            f"{', '.join(map(visible, sets)) or 'none'}. Name one: {visible(folder.name)}/"
            f"{visible(next(iter(sets), ''))}."
        )
    ((prefix, splits),) = sets.items()
    for split, kinds in splits.items():
        if len(kinds) != 2:
            there = visible(next(iter(kinds.values())).name)
            raise DatasetError(
                f"Expected images and labels of {split} in {visible(folder.name)}. Received: "
                f"{there} alone. Put the other file beside it."
            )
    return folder, prefix, splits


def _promised(file: Path) -> int:
    """Bytes that a file unpacks to."""
    return promised_bytes(file, "arr_0") if file.suffix == ".npz" else math.prod(shape_of(file))


def _array(file: Path, max_gb: float) -> np.ndarray:
    if file.suffix == ".npz":
        return read_npz_file(file, ("arr_0",), max_gb=max_gb)["arr_0"]
    return read_array(file)


def _mapped_names(folder: Path, prefix: str) -> tuple[str, ...]:
    """The names that EMNIST's mapping file gives: lines of a label and the codes of its letters."""
    file = folder / f"{prefix}-mapping.txt"
    if not safe_files.is_regular(file):
        return ()
    text = safe_files.read_bytes(file, most_bytes=_MOST_MAPPING_BYTES).decode("ascii", "replace")
    lines = [_LINES.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    codes = sorted((int(line[1]), int(line[2])) for line in lines if line)
    if len(codes) != len(lines) or not all(32 < code < 0x110000 for _, code in codes):
        raise DatasetError(
            f"Expected lines of a label and the codes of its letters in {visible(file.name)}. "
            "Received: others. Name the classes yourself: --class-names."
        )
    return tuple(chr(code) for _, code in codes)


def _source(
    images: Mapping[str, np.ndarray],
    labels: Mapping[str, np.ndarray],
    known: KnownSet | None,
    class_names: Sequence[str],
    *,
    title: str,
    source: str,
    are_idx: bool = False,
) -> Source:
    flat = {split: _without_last(values, 1) for split, values in labels.items()}
    if known and not class_names and not _fits(known, flat):
        known = None
    classes = classes_of(flat, tuple(class_names) or (known.class_names if known else ()))
    grey = {split: _without_last(values, 3) for split, values in images.items()}
    # EMNIST's own files alone: whoever made another file of them may have turned them already.
    is_transposed = are_idx and known is not None and known.is_transposed
    if is_transposed:
        for values in grey.values():
            _transpose(values)
    return Source(
        title=known.title if known else title,
        source=source,
        images=grey,
        labels={split: classes.of(values) for split, values in flat.items()},
        class_names=classes.names,
        shows_strokes=known is None or known.shows_strokes,
        pixels="as they are",
        names={},
        preparation="Rows and columns were swapped, as EMNIST's files need." * is_transposed,
    )


def _fits(known: KnownSet, labels: Mapping[str, np.ndarray]) -> bool:
    """Whether the labels can be those of a known set, which count from 0 or from 1."""
    n = len(known.class_names)
    of_numbers = [values for values in labels.values() if values.dtype.kind in "iu" and values.size]
    lowest = min((int(values.min()) for values in of_numbers), default=0)
    highest = max((int(values.max()) for values in of_numbers), default=0)
    return n == 0 or 0 <= lowest <= highest < n + min(lowest, 1)


def _without_last(values: np.ndarray, n_dimensions: int) -> np.ndarray:
    """Without a last dimension of one, which some writers add."""
    is_deeper = values.ndim == n_dimensions + 1 and values.shape[-1] == 1
    return values[..., 0] if is_deeper else values


def _transpose(images: np.ndarray) -> None:
    """Rows become columns, in place: a second array would be as large."""
    if images.ndim == 3 and images.shape[1] == images.shape[2]:
        for start in range(0, len(images), _BLOCK):
            block = images[start : start + _BLOCK]
            block[...] = block.transpose(0, 2, 1).copy()
