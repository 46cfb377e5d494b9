"""Background images: what an explanation compares the explained image with."""

from collections.abc import Container

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.errors import ExplanationError

DEFAULT_SIZE = 100


def background(split: Split, *, n: int | None = None, seed: int = 0) -> np.ndarray:
    """The images at `background_positions`.

    Args:
        split: Where to choose from; best images that the model was not judged by.
        n: How many, 1 to `len(split)`; `DEFAULT_SIZE` by default, or all where there are fewer.
        seed: ≥ 0.

    Returns:
        Grey levels 0–255, read-only. `uint8`, shape `(n, 28, 28)`.

    Raises:
        ExplanationError: `n` or `seed` is out of range.
    """
    return read_only(split.images[background_positions(split, n=n, seed=seed)])


def background_positions(split: Split, *, n: int | None = None, seed: int = 0) -> np.ndarray:
    """Choose background images at random, without putting back.

    The same split and seed give the same images, and a larger `n` only adds some at the end.

    Args:
        split: As of `background`.
        n: As of `background`.
        seed: ≥ 0.

    Returns:
        Their positions in the split. `int64`, shape `(n,)`.

    Raises:
        ExplanationError: `n` or `seed` is out of range.
    """
    n = default_size(len(split)) if n is None else n
    if not 1 <= n <= len(split) or seed < 0:
        raise ExplanationError(
            f"Expected 1 to {len(split):,} background images of the {split.name} split and a seed "
            f"from 0. Received: {n} images and seed {seed}. Choose numbers in between."
        )
    return np.random.default_rng(seed).permutation(len(split))[:n]


def default_size(n_images: int, wanted: int = DEFAULT_SIZE) -> int:
    """How many background images are chosen of so many images, where so many are wanted."""
    return min(wanted, n_images)


def reference_split(names: Container[str]) -> str:
    """The split that images are held against: the one models learned on, or what there is."""
    return next(name for name in ("train", "validation", "test") if name in names)
