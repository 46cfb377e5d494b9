"""Twins in the cache folder: where they lie, not their images."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_core.datasets import Split
from mnist_core.files.cache_files import TWINS, Expected
from mnist_core.twins.distance import MOST_APART, MOST_OF_CONTRAST
from mnist_core.twins.found import MOST_LISTED, Twins

_COUNTS = ("n_same", "n_twins", "n_unlike")
_EXPECTED = {
    "counts": Expected(np.int64, (len(_COUNTS),)),
    "positions": Expected(np.int64, (None,)),
    "others": Expected(np.int64, (None,)),
    "apart": Expected(np.float64, (None,)),
    "shifts": Expected(np.int64, (None, 2)),
}


def read_twins(split: Split, other: Split, cache: Path) -> Twins | None:
    """What was found before; `None` where nothing is kept that can be of these splits."""
    stored = TWINS.read(cache, *_key(split, other), expected=_EXPECTED)
    if stored is None or not _fits(stored, split, other):
        return None
    n_same, n_twins, n_unlike = stored["counts"].tolist()
    positions, others = stored["positions"], stored["others"]
    return Twins(
        split=split.name,
        other=other.name,
        n=len(split),
        n_same=n_same,
        n_twins=n_twins,
        n_unlike=n_unlike,
        positions=positions,
        others=others,
        apart=stored["apart"],
        shifts=stored["shifts"],
        labels=split.labels[positions],
        other_labels=other.labels[others],
        images=split.images[positions],
        other_images=other.images[others],
    )


def write_twins(twins: Twins, split: Split, other: Split, cache: Path) -> None:
    """Keep what was found; a folder that cannot be written to is passed over."""
    counts = np.array([getattr(twins, name) for name in _COUNTS], np.int64)
    arrays = {name: array for name, array in twins.arrays.items() if name in _EXPECTED}
    TWINS.write(cache, *_key(split, other), arrays={"counts": counts, **arrays})


def _key(split: Split, other: Split) -> tuple[str, ...]:
    """With the measure of what counts as twins: where it changes, nothing kept is true any more."""
    rule = f"{MOST_APART:g}-{100 * MOST_OF_CONTRAST:g}-{MOST_LISTED}"
    return rule, split.fingerprint, other.fingerprint


def _fits(stored: dict[str, np.ndarray], split: Split, other: Split) -> bool:
    same, twins, unlike = stored["counts"].tolist()
    k = min(twins, MOST_LISTED)
    return (
        0 <= same <= twins <= len(split)
        and 0 <= unlike <= twins
        and all(len(stored[name]) == k for name in ("positions", "others", "apart", "shifts"))
        and _are_within(stored["positions"], len(split))
        and _are_within(stored["others"], len(other))
        and bool((np.abs(stored["shifts"]) <= 1).all())
    )


def _are_within(positions: np.ndarray, n: int) -> bool:
    return bool(((positions >= 0) & (positions < n)).all())
