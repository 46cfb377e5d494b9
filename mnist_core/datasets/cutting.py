"""A validation split cut off the training images, without a second array for them."""

import numpy as np

from mnist_core.datasets.dataset import Split

_BLOCK = 10_000


def hold_out(
    split: Split, held_out: np.ndarray, *, into: np.ndarray | None = None
) -> tuple[Split, Split]:
    """Cut some images off as validation split.

    Args:
        split: All training images.
        held_out: Positions of the images that go, in the order they are to have, each once; not
            all. Integers, shape `(k,)`, k ≥ 1.
        into: What is overwritten with the images that stay, an array like that of the split or
            that very one; else a new one.

    Returns:
        What stays, and what was cut off.
    """
    kept = np.ones(len(split), dtype=bool)
    kept[held_out] = False
    names = (None, None) if split.names is None else (split.names[kept], split.names[held_out])
    validation = Split(
        "validation", split.images[held_out], split.labels[held_out], split.class_names, names[1]
    )
    images = _close_up(split.images, kept, np.empty_like(split.images) if into is None else into)
    train = Split("train", images, split.labels[kept], split.class_names, names[0])
    return train, validation


def _close_up(images: np.ndarray, kept: np.ndarray, into: np.ndarray) -> np.ndarray:
    """The images kept, at the start of `into`; no row moves past one that is still to be read."""
    n_kept = 0
    for start in range(0, len(images), _BLOCK):
        rows = images[start : start + _BLOCK][kept[start : start + _BLOCK]]
        into[n_kept : n_kept + len(rows)] = rows
        n_kept += len(rows)
    return into[:n_kept]
