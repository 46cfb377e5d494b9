"""What a model's last layer sees of a whole split, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.errors import ExplanationError
from mnist_core.files.cache_files import SEEN, Expected
from mnist_core.inference.neighbours import BLOCK_SIZE, Embed, embed
from mnist_core.inference.prediction import in_turns
from mnist_core.maps.pca import directions
from mnist_core.runs import Checkpoint

MOST_NUMBERS = 16_000_000
"""Held and kept of one split, 64 MB: 70,000 images of a layer 228 wide."""

MOST_IN_A_BLOCK = 4_000_000
SEED = 0


def seen_of_split(
    checkpoint: Checkpoint, split: Split, cache: Path, *, embed: Embed = embed
) -> np.ndarray:
    """What the last layer sees of every image, computed at most once per checkpoint and split.

    Of a layer that is too wide for `MOST_NUMBERS` the images keep their coordinates along the
    directions in which a sample of them spreads most, as many as there is room for.

    Args:
        checkpoint: The model.
        split: The images.
        cache: Folder of what can be computed again. If it cannot be written to, the result is
            returned all the same.
        embed: What embeds a block of images; in the dashboard `embed_first` in a worker.

    Returns:
        Read-only. `float32`, shape `(n, d)`, all finite.

    Raises:
        CheckpointError: The checkpoint's file is not there or is not a model we can use.
        ExplanationError: The model has no layer with a weight matrix, or what goes into it is not
            finite.
    """
    key = (checkpoint.fingerprint, split.fingerprint)
    stored = SEEN.read(cache, *key, expected={"seen": Expected(np.float32, (len(split), None))})
    if stored is not None:
        return read_only(stored["seen"])
    seen = _compute(partial(embed, checkpoint.path), split.images)
    if not np.isfinite(seen).all():
        raise ExplanationError(
            "Expected finite numbers in front of the last layer. Received: some that are not, from "
            f"{checkpoint.run} after epoch {checkpoint.epoch}. Choose another epoch."
        )
    # Not what another file that has come in its place meanwhile has answered.
    if checkpoint.is_as_it_was():
        SEEN.write(cache, *key, arrays={"seen": seen})
    return read_only(seen)


def _compute(ask: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> np.ndarray:
    width = ask(images[:1]).shape[1]
    room = MOST_NUMBERS // len(images)
    if width <= room:
        return _filled(_blocks(ask, images, width), len(images), width)
    random = np.random.default_rng(SEED)
    n_sample = min(len(images), MOST_NUMBERS // width)
    sample = np.sort(random.choice(len(images), max(n_sample, 2), replace=len(images) < 2))
    spread = _filled(_blocks(ask, images[sample], width), len(sample), width)
    mean, along = directions(spread, min(room, *spread.shape))
    projected = ((block - mean) @ along for block in _blocks(ask, images, width))
    return _filled(projected, len(images), along.shape[1])


def _blocks(
    ask: Callable[[np.ndarray], np.ndarray], images: np.ndarray, width: int
) -> Iterator[np.ndarray]:
    size = max(1, min(BLOCK_SIZE, MOST_IN_A_BLOCK // width))
    return in_turns(ask, images, at_most=size)


def _filled(blocks: Iterator[np.ndarray], n: int, width: int) -> np.ndarray:
    """The blocks beneath each other. `float32`, shape `(n, width)`."""
    seen, start = np.empty((n, width), np.float32), 0
    for block in blocks:
        seen[start : start + len(block)] = block
        start += len(block)
    return seen
