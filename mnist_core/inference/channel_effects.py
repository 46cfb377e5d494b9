"""`ChannelEffects`: which channels of a layer make a model take one class for another.

Each channel alone is switched off: its answers are set to 0 behind the layer's own activation
function, and what follows is computed anew (ablation, as in Morcos, Barrett, Rabinowitz, Botvinick,
"On the importance of single directions for generalization", 2018).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.datasets import Split
from mnist_core.errors import ExplanationError
from mnist_core.files.cache_files import EFFECTS, Expected
from mnist_core.inference.channel_differences import NONE_OFF, differences_block
from mnist_core.inference.layer_stages import Stage
from mnist_core.runs import Checkpoint

MOST_IMAGES = 100
"""Wrong ones, and right ones, that effects are means over; of more a seeded sample."""

MOST_CHANNELS = 1_024
"""Of a layer; one with more would take minutes."""

Differences = Callable[[Path, np.ndarray, int, tuple[int, int], np.ndarray], np.ndarray]
"""See `differences_block`."""


@dataclass(frozen=True, eq=False)
class ChannelEffects:
    """How switching off each channel of a layer moves an answer between two classes; read-only.

    All numbers are of the difference: logit of the predicted class less that of the true one; of
    models without a softmax, their scores.

    Attributes:
        stage: The layer.
        true: A true class.
        predicted: The class that it is taken for.
        whole: Differences with all channels on, of the wrong and then of the right images.
            `float32`, shape `(n_wrong + n_right,)`.
        off: The same with each channel off. `float32`, shape `(channels, n_wrong + n_right)`.
        n_wrong: Images of the true class taken for the predicted one that were asked about.
        n_right: Images of the true class taken for it that were asked about.
    """

    stage: Stage
    true: int
    predicted: int
    whole: np.ndarray
    off: np.ndarray
    n_wrong: int
    n_right: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "whole", read_only(self.whole))
        object.__setattr__(self, "off", read_only(self.off))

    @property
    def wrong(self) -> np.ndarray:
        """Mean change over the wrong images. `float64`, shape `(channels,)`, NaN without any."""
        return self._mean_change(slice(0, self.n_wrong))

    @property
    def right(self) -> np.ndarray:
        """Mean change over the right images. `float64`, shape `(channels,)`, NaN without any."""
        return self._mean_change(slice(self.n_wrong, None))

    @property
    def turned(self) -> np.ndarray:
        """Wrong images whose true class then has no less than the other. `int64`, `(channels,)`."""
        return (self.off[:, : self.n_wrong] <= 0).sum(axis=1)

    @property
    def strongest(self) -> np.ndarray:
        """Channels by the size of the change over the wrong images, or the right without any.

        `int64`, shape `(channels,)`; the largest first, the lower number first among equals.
        """
        changes = self.wrong if self.n_wrong else self.right
        return np.argsort(-np.abs(changes), kind="stable")

    def _mean_change(self, part: slice) -> np.ndarray:
        changes = self.off[:, part].astype(np.float64) - self.whole[part]
        if not changes.shape[1]:
            return np.full(len(self.off), np.nan)
        return changes.mean(axis=1)


def channel_effects(
    checkpoint: Checkpoint,
    split: Split,
    stage: Stage,
    cell: tuple[int, int],
    wrong: np.ndarray,
    right: np.ndarray,
    cache: Path,
    *,
    differences: Differences = differences_block,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> ChannelEffects:
    """What each channel of a layer does to a cell of the confusion matrix.

    Computed at most once for the same model, images, layer and cell.

    Args:
        checkpoint: The model.
        split: Where the images lie.
        stage: The layer, one of the model's `layer_stages`.
        cell: True and predicted class.
        wrong: Positions of images of the true class taken for the predicted one. `int64`.
        right: Positions of images of the true class taken for it. `int64`.
        cache: Folder of what can be computed again. If it cannot be written to, the result is
            returned all the same.
        differences: What computes a block; in the dashboard in a worker.
        on_progress: Called with the numbers done and in all.

    Raises:
        CheckpointError: The checkpoint's file is not there or is not a model we can use.
        ExplanationError: There is no such stage or class, nothing follows the stage, it has more
            than 1,024 channels, or there is no image.
    """
    positions = np.concatenate([wrong, right])
    if stage.channels > MOST_CHANNELS or not len(positions):
        raise ExplanationError(
            f"Expected a layer of at most {MOST_CHANNELS:,} channels and at least one image. "
            f"Received: {stage.channels:,} channels and {len(positions)} images. Choose another."
        )
    key = (_key(stage, cell, wrong, right), checkpoint.fingerprint, split.fingerprint)
    expected = Expected(np.float32, (1 + stage.channels, len(positions)))
    stored = EFFECTS.read(cache, *key, expected={"differences": expected})
    if stored is None:
        ask = _Asking(checkpoint.path, stage, cell, differences, on_progress)
        stored = {"differences": ask.about(split.images[positions])}
        # Not what another file that has come in its place meanwhile has answered.
        if checkpoint.is_as_it_was():
            EFFECTS.write(cache, *key, arrays=stored)
    whole, off = stored["differences"][0], stored["differences"][1:]
    return ChannelEffects(stage, *cell, whole, off, len(wrong), len(right))


def some_of(positions: np.ndarray, *, most: int = MOST_IMAGES, seed: int = 0) -> np.ndarray:
    """At most so many of some positions, drawn at random, ascending. `int64`."""
    if len(positions) > most:
        positions = np.random.default_rng(seed).choice(positions, most, replace=False)
    return np.sort(positions).astype(np.int64)


@dataclass(frozen=True)
class _Asking:
    """Blocks of images and channels, one after the other."""

    path: Path
    stage: Stage
    cell: tuple[int, int]
    differences: Differences
    on_progress: Callable[[int, int], None]

    def about(self, images: np.ndarray) -> np.ndarray:
        """Differences with none and with each channel off. `float32`, shape `(1 + c, n)`."""
        channels = np.arange(NONE_OFF, self.stage.channels, dtype=np.int32)
        found, start = [], 0
        while start < len(images):
            blocks: list[np.ndarray] = []
            at, some = 0, images[start:]
            while at < len(channels):
                self.on_progress(
                    start * len(channels) + at * len(some), images.shape[0] * len(channels)
                )
                asked = (self.path, some, self.stage.number, self.cell, channels[at:])
                blocks.append(self.differences(*asked))
                at, some = at + len(blocks[-1]), some[: blocks[-1].shape[1]]
            found.append(np.concatenate(blocks))
            start += len(some)
        return np.concatenate(found, axis=1)


def _key(stage: Stage, cell: tuple[int, int], wrong: np.ndarray, right: np.ndarray) -> str:
    told = hashlib.sha256(wrong.tobytes() + b"|" + right.tobytes()).hexdigest()[:16]
    return f"{stage.number}-{cell[0]}-{cell[1]}-{told}"
