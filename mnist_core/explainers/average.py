"""The mean of one map each of many images, and of the images beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import ExplanationError
from mnist_core.explainers.attribution import Attribution
from mnist_core.image_size import SHAPE


@dataclass(frozen=True, eq=False)
class MeanMap:
    """What many images have in common in the difference of two classes; read-only.

    Attributes:
        values: Mean of the maps. `float32`, shape `(28, 28)`.
        image: Mean of the images, in grey levels 0–255. `uint8`, shape `(28, 28)`.
        output: Mean of the differences.
        n: How many images.
        methods: Names of the methods that made the maps, each once.
    """

    values: np.ndarray
    image: np.ndarray
    output: float
    n: int
    methods: tuple[str, ...]


def mean_map(attributions: Sequence[Attribution], images: np.ndarray) -> MeanMap:
    """The mean over images, each with as much weight as any other.

    Args:
        attributions: A difference of two classes of each image; at least one.
        images: The images, in the same order. `uint8`, shape `(n, 28, 28)`.

    Raises:
        ExplanationError: There are none, or not one for each image, or one has several maps.
    """
    if not attributions or images.shape != (len(attributions), *SHAPE):
        raise ExplanationError(
            f"Expected one or more explanations and an image for each. Received: "
            f"{len(attributions)} and images of shape {images.shape}. Hand over both."
        )
    if any(len(one.values) != 1 for one in attributions):
        raise ExplanationError(
            "Expected one map of each image. Received: several. Explain the difference of two "
            "classes."
        )
    values = np.mean([one.values[0] for one in attributions], axis=0, dtype=np.float64)
    return MeanMap(
        values=read_only(np.asarray(values, np.float32)),
        image=read_only(np.asarray(images.mean(axis=0).round(), np.uint8)),
        output=float(np.mean([one.output[0] for one in attributions], dtype=np.float64)),
        n=len(attributions),
        methods=tuple(dict.fromkeys(one.method for one in attributions)),
    )
